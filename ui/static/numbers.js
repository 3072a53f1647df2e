/**
 * Numbers in text, as Python writes them: what is computed in the page reads like what comes from the server.
 */
(() => {
  /**
   * The `count` significant digits of a positive number, and its power of ten. Python rounds what lies exactly
   * between two to the even one, and toExponential to the larger one.
   * @param {number} size @param {number} count @returns {[string, number]}
   */
  const significant = (size, count) => {
    const rounded = size.toExponential(count - 1);
    // No double comes so close to such a middle without being it.
    const [digits, power] = size.toExponential(100).replace('.', '').split('e');
    const even = /^[02468]50*$/.test(digits.slice(count - 1));
    const [kept, ten] = even ? [digits.slice(0, count), power] : rounded.replace('.', '').split('e');
    return [kept, Number(ten)];
  };

  window.labGeneral = (value, digits) => {
    if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
    const sign = value < 0 || Object.is(value, -0) ? '-' : '';
    if (value === 0) return `${sign}0`;
    const [kept, power] = significant(Math.abs(value), digits);
    const written = power < -4 || power >= digits;
    const spelled = written || power === 0 ? `${kept[0]}.${kept.slice(1)}`
      : power > 0 ? `${kept.slice(0, power + 1)}.${kept.slice(power + 1)}`
      : `0.${'0'.repeat(-power - 1)}${kept}`;
    const exponent = written ? `e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}` : '';
    return `${sign}${spelled.replace(/\.?0*$/, '')}${exponent}`;
  };
})();
