/** What is told of a program that somebody wrote: the records of service/sandbox/report.py, as far as they are shown. */

export interface Shown { line: number; kind: 'printed' | 'value'; text: string }

export interface Report {
  shown: Shown[];
  error: { text: string; meaning: string | null } | null;
  line: number | null;
  /** Null where one is not a finite number. */
  losses: (number | null)[];
  loss_every: number;
  seconds: number;
}

export interface Progress {
  line: number | null;
  round: number | null;
  rounds: number | null;
  shown: Shown[];
  waiting: boolean;
}

export interface End {
  report: Report;
  model_id: string | null;
  passed: boolean | null;
  said: string | null;
  hint: string | null;
  radius: number | null;
}

/** The last that the server tells: `curve` and `outcome` are markup, empty where there is nothing to show. */
export interface Ended { end: End; curve: string; outcome: string }

/** How an editor is opened: see editor.js. */
export interface Options {
  program: string;
  label: string;
  /** Its name, if running means to check it. */
  exercise?: string;
  /** It is written elsewhere, and only shown and run here. */
  fixed?: boolean;
  /** Run it at once. */
  run?: boolean;
  onEnd?: (end: End) => void;
  /** What "Close" does; without it there is no such button. */
  onClose?: () => void;
}

export interface Editor {
  program: string;
  /** Puts another program in its place, as if it were typed: the browser's undo takes it back. */
  replace(program: string): void;
  run(): void;
  stop(): void;
  focus(): void;
  root: HTMLElement;
  /** An empty row beside Run, for further buttons. */
  extra: HTMLElement;
}
