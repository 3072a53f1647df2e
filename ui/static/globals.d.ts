/** What Gradio gives the script of a gr.HTML component: see `js_on_load` in its documentation. */
declare const element: HTMLElement;
/** The component's properties; to set `value` is to change what the server gets. */
declare const props: { value: any };
/** Tells the server of an event of the component's. */
declare function trigger(event: string, data?: unknown): void;
/** Calls back whenever the property has changed. */
declare function watch(property: string, changed: () => void): void;

/** The settings that a figure says it shows, by their names. */
type Values = Record<string, string>;

/** A training's losses after the recorded steps, at least as drawn; `floor` is what no weights get below. */
interface Curve {
  step: number[];
  loss: number[];
  /** Null where a training held no examples out. */
  held_out_loss: (number | null)[];
  floor: { at: number; label: string } | null;
}

/** Across and down, in a square of 1000. */
type Place = [number, number];
/** Its place along an axis, from 0 to 1. */
interface Tick { at: number; label: string }
/** `style` is a class: whose line, or dot, it is. */
interface Stroke { style: string; places: Place[] }
interface Dot { style: string; place: Place }

/** A step that is read: where it is, what is marked, and the losses there, in words. */
interface Reading { place: Place; dots: Dot[]; words: string }

/** What is to be drawn of a curve, and said. */
interface Picture {
  /** The curve in words; empty if there is none. */
  told: string;
  before: boolean;
  heldOut: boolean;
  across: Tick[];
  up: Tick[];
  floors: Tick[];
  strokes: Stroke[];
  ends: Dot[];
  /** Those that are drawn; each can be read, by its index. */
  steps: number[];
  read(index: number): Reading;
  /** The index of the step that is nearest to there, from 0 to 1 across. */
  under(across: number): number;
  nearest(step: number): number;
}

interface LossPlot {
  /** The curve, and faintly, on its axes, the one before the last change; without a step, what to do first. */
  draw(curve: Curve | null, before: Curve | null): void;
}

interface Window {
  /** The address of something of the server's; see fetched.js. */
  labAddress(path: string): URL;
  /** A number as Python's `format(value, f".{digits}g")` writes it, with at least one digit; see numbers.js. */
  labGeneral(value: number, digits: number): string;
  /** See loss_picture.js. */
  labLossPicture(curve: Curve | null, before: Curve | null, log: boolean): Picture;
  /** The plot whose static markup the element holds; see loss_plot.js. */
  labLossPlot(root: Element): LossPlot;
  /** See address.js. */
  labLink(chapter: string, part: string, values: Values): void;
  labDraft(chapter: string, part: string, names: string[], numbers: boolean[], held: unknown[]): void;
  labAnswered(chapter: string, part: string): void;
  /** See waker.js. */
  labWake?(): void;
  labPublic(link: string): string;
  labBench(id: string, among: string[]): string | undefined;
  /** See opening.js. */
  labOpened(): void;
  gradio_config: { space_id?: string | null; root: string };
}
