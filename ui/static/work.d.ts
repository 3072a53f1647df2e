/** A training as the browser runs it (kernel.js): what service/training/description.py tells, its arrays read. */

/** The mean losses after `step` updates. */
export interface Point { step: number; loss: number; held_out_loss: number | null }

/** Where in the packed parameters, or in a buffer of the optimizer, one parameter lies, counted in numbers. */
export interface View { name: string; shape: number[]; offset: number; strides: number[] }

/** What stays as it is while parameters and step change. */
export interface Training {
  optimizer: 'sgd' | 'adam' | 'adamw';
  learning_rate: number;
  /** What else the optimizer takes: see service/optimizers.py. */
  settings: {
    momentum?: number; nesterov?: boolean; weight_decay: number; betas?: [number, number]; eps?: number;
  };
  batch_size: number;
  start_step: number;
  target_step: number;
  /** Recorded from start to target. */
  max_points: number;
  views: View[];
}

/** Where a training stands. */
export interface State {
  step: number;
  points: Point[];
  parameters: Float32Array;
  /** The optimizer's; none at all are zeros. */
  buffers: Float32Array[];
  /** How many Adam's buffers have seen; 0 elsewhere. */
  updates: number;
}

/** Rows, each filled with zeros to a multiple of eight. */
export interface Rows { inputs: Float32Array; targets: Float32Array }

export interface ProductData { kernel: 'product_kernel'; target: number }

export interface NetworkData extends Rows {
  kernel: 'network_kernel';
  widths: number[];
  activation: number;
  /** How many numbers the neurons' values take for eight examples, or their errors. */
  room: number;
  examples: number;
  held_out: Rows | null;
  /** The examples' places in the order of training, block after block; null where it is always theirs. */
  orders: { steps_per_block: number; first_block: number; places: Uint16Array } | null;
}

export type Work = Training & State & (ProductData | NetworkData);

/**
 * A state to go on from, as `{...work, ...result}`. After a divergence it is the one before the update `diverged_at`,
 * which left a number, or the next loss, that is not finite.
 */
export type Result = State & { diverged_at: number | null };

export interface Kernels {
  variant: 'fused' | 'exact';
  /**
   * The work trained on to its target, or to a step before that. Throws RangeError where the orders of the examples do
   * not reach so far.
   */
  train(work: Work, stop?: number): Result;
  /** What a network with these parameters answers to each vector; nothing of a product, which has no inputs. */
  answers(work: Work, parameters: Float32Array, vectors: number[][]): number[][];
  /** The mean losses with these parameters. */
  losses(work: Work, parameters: Float32Array): { loss: number; held_out_loss: number | null };
}

export type Kernel = (...values: (number | bigint)[]) => number;
export type Numbers = Float32Array | Float64Array | BigInt64Array;

/** An array in a module's memory. */
export interface Placed<A extends Numbers> {
  place: number;
  /** What it holds. Void once more is put into the memory, which may move it. */
  view(): A;
  /**
   * It, or its first numbers, as Numba unpacks an array: two owners, how many numbers and of how many bytes, where, the
   * shape, the stride.
   */
  unpacked(count?: number): (number | bigint)[];
}

/** What a kernel takes beside the optimizer's numbers and arrays, and the records. */
export interface Given {
  /** Of the kernel's name. */
  suffix: string;
  /** Before the optimizer's. */
  before: (number | bigint)[];
  /** After them. */
  after(step: number, updates: number): (number | bigint)[];
  /** What `mean_loss` takes of the examples held out; null if there are none. */
  held_out: (number | bigint)[] | null;
}

// What the page and its worker tell each other (trainer.js, training_worker.js).

/** The values that sliders set, by the names of their fields. */
export type Live = Record<string, number>;

/** What service/training/description.py tells of a new model's first training, beside the work. */
export interface Told {
  /** By seed: the first weights in base64, and the losses at step 0. */
  first: Record<number, { weights: string; points: Point[] }>;
  views: View[];
  /** The parameters of the seed that was asked for, in base64, as they are packed. */
  parameters: string;
  floor: Curve['floor'];
}

/** Fetch the description at `url`, which is called `of`, and the kernel it needs from the `folder`. */
export interface Prepare { of: string; folder: string; url: string }

/** Train what is called `of` with these values, and answer these vectors; `train` is the number of the request. */
export interface Train { train: number; of: string; live: Live; vectors: number[][] }

/** What a training in the page came to. */
export interface Done {
  done: number;
  step: number;
  diverged_at: number | null;
  curve: Omit<Curve, 'floor'>;
  named: Record<string, number[]>;
  answers: number[][];
  milliseconds: number;
}

export type ToPage =
  | { ready: string; views: View[]; floor: Curve['floor'] }
  | { unable: string; why: string }
  | { slow: number; most_steps: number }
  | { unknown: number }
  | Done;

/** What the server says of the training that is shown: see ui/dragging.py and ui/view.py. */
export interface Shown {
  curve: Curve | null;
  /** What a slider's move would train; null where the server has to say. */
  hand: { of: string; live: Live } | null;
  /** Whether it is still under way. */
  working: boolean;
  /** What it has come to, if it has ended by itself. */
  result: { weights: string; fingerprint: string } | null;
}
