import type { PackedError } from '../../../core/packed-error.js';
import type { HostOptions } from '../service-host.js';

/** What a thread is started with. */
export interface ThreadData {
  readonly name: string;
  readonly directory: string;
  readonly options: HostOptions;
}

/** What a thread is told. */
export type ToThread =
  | { readonly kind: 'ask'; readonly id: number; readonly method: string; readonly request: unknown }
  | { readonly kind: 'abort'; readonly id: number; readonly reason: PackedError }
  /** To be answered by `alive`, which is also the first that a thread says. */
  | { readonly kind: 'ping' }
  /** No more questions will come. */
  | { readonly kind: 'end' };

/** What a thread says. */
export type FromThread =
  | { readonly kind: 'answer'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: PackedError }
  | { readonly kind: 'alive' };
