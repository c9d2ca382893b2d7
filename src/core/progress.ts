/** What long work reports while it runs; the command line draws it, a program may do as it likes. */
export interface Progress {
  /** What is being done, as a person would say it: `training`, `embedding cifar10:test`. */
  readonly task: string;
  readonly done: number;
  /** Left out where the amount of work is not known beforehand. */
  readonly total?: number;
  /** What is counted: `images`, `bytes`, `queries`. */
  readonly unit: string;
  /** How much of it was done before this run, and so tells nothing about its rate. Default 0. */
  readonly startedWith?: number;
  /** Further figures worth showing, already in reading form: `{ loss: '1.731', epoch: '3/20' }`. */
  readonly figures?: Readonly<Record<string, string>>;
}

export type OnProgress = (progress: Progress) => void;

/** An input that was left out of a run, and why. */
export interface Skipped {
  readonly path: string;
  readonly reason: string;
}
