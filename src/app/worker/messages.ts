import type { PackedError } from '../../core/packed-error.js';

/** What a worker is started with. */
export interface Call {
  readonly name: string;
  /** The options that are plain data. */
  readonly data: object;
  /** The names of those that are functions. */
  readonly functions: readonly string[];
}

/** What the caller sends while the work goes on. */
export interface Abort {
  readonly reason: PackedError;
}

/** What the worker sends: calls of the functions, and in the end a result or an error. */
export type Answer =
  | { readonly kind: 'told'; readonly name: string; readonly args: readonly unknown[] }
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'error'; readonly error: PackedError };
