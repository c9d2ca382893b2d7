import type { ParameterSet } from '../../src/engine/index.js';
import { elementCount } from '../../src/engine/shape.js';
import { type NaiveArray, naiveArray } from './naive-array.js';

/** The parts of a flat vector by the names of the parameters: what the interpreter takes. */
export function parameterValues(set: ParameterSet, flat: ArrayLike<number>): Record<string, NaiveArray> {
  let offset = 0;
  return Object.fromEntries(
    set.tensors.map((tensor) => {
      const shape = tensor.shape as number[];
      const start = offset;
      offset += elementCount(shape);
      const { name } = tensor.node.attributes as { name: string };
      return [name, naiveArray(shape, Array.from(flat).slice(start, offset))];
    }),
  );
}
