import type { MethodOptions } from './context.js';
import type { MethodName, MethodRequest, MethodResult } from './methods.js';

/**
 * A collection as a server holds it. Nothing here blocks the thread that asks; where the thread that answers ends or hangs, the
 * question fails with `service-unavailable`, and the next one is answered by another thread.
 */
export interface CollectionService {
  /** As it stands in addresses. */
  readonly name: string;
  readonly directory: string;
  call<Name extends MethodName>(
    method: Name,
    request: MethodRequest<Name>,
    options?: MethodOptions,
  ): Promise<MethodResult<Name>>;
  close(): Promise<void>;
}
