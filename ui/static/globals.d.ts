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

interface Window {
  /** See address.js. */
  labLink(chapter: string, part: string, values: Values): void;
  labDraft(chapter: string, part: string, names: string[], numbers: boolean[], held: unknown[]): void;
  labAnswered(chapter: string, part: string): void;
  /** See waker.js. */
  labWake?(): void;
  labPublic(link: string): string;
  /** See loss_plot.js. */
  labLossPlot(root: Element): { draw(curve: import('./work').Curve | null, before: import('./work').Curve | null): void };
  /** See numbers.js. */
  labGeneral(value: number, digits: number): string;
  /** See opening.js. */
  labOpened(): void;
  gradio_config?: { space_id?: string | null };
}
