/**
 * The loss plot of a bench: the curve that there is, over that of the training before. A training that goes on, or
 * is trained on, is the same one: its curve begins as it did.
 */
const plot = window.labLossPlot(element);
/** @type {Curve | null} */
let present = null;
/** @type {Curve | null} */
let before = null;
/** @param {Curve} one @param {Curve} other */
const same = (one, other) => one.step.every((step, index) => index >= other.step.length
  || (step === other.step[index] && one.loss[index] === other.loss[index]));
const sync = () => {
  /** @type {Curve | null} */
  const curve = props.value?.curve ?? null;
  if (curve?.step.length) {
    if (present && !same(present, curve)) before = present;
    present = curve;
  }
  plot.draw(curve, before);
};
watch('value', sync);
sync();
