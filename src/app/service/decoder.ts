import { DecodePool } from '../../image/decode-pool.js';
import type { ServiceContext } from './context.js';

/** The processes that decode for a context; taken by `kept`. A file on which a decoder hangs or dies ends one of them. */
export function decoder({ decoding }: ServiceContext): DecodePool {
  return new DecodePool(decoding);
}
