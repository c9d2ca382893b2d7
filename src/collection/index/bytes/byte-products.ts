import { lazily } from '../../../core/lazily.js';
import {
  add,
  advance,
  type Code,
  equalBytes,
  get,
  less,
  load16Bytes,
  number,
  repeat,
  set,
  subtract,
  vector,
} from '../../../core/web-assembly/instructions.js';
import { makeWebAssemblyProgram } from '../../../core/web-assembly/program.js';
import { zeroByte } from '../../../engine/index.js';
import { rowsOfGroups } from '../group-scan.js';
import { groupSize } from '../scan-programs.js';

const memoryBytes = 2 ** 18;
/** Numbers that the program takes at once. */
const width = 16;

const exclusiveOr = (a: Code, b: Code) => vector(0x51, a, b);
const lowProducts = (a: Code, b: Code) => vector(0x9c, a, b);
const highProducts = (a: Code, b: Code) => vector(0x9d, a, b);
const addShorts = (a: Code, b: Code) => vector(0x8e, a, b);
const pairSums = (shorts: Code) => vector(0x7e, shorts);
const addIntegers = (a: Code, b: Code) => vector(0xae, a, b);
const integer = (of: Code, lane: number): Code => [vector(0x1b, of), lane];
const storeInteger = (address: Code, value: Code): Code => [address, value, 0x36, 2, 0];

/**
 * The products of a query of int8 and rows of bytes, one behind the other, that are `length` long, a multiple of 16: as int32 from
 * `target` on. Two products of a number up to 127 and one from −128 on fit 16 bits together.
 */
function products(): Code {
  const [query, rows, count, length, target] = [0, 1, 2, 3, 4];
  const [at, end] = [5, 6];
  const [sums, row, asked] = [7, 8, 9];
  const lane = (i: number) => integer(get(sums), i);
  return repeat(
    [
      set(at, get(query)),
      set(end, add(get(rows), get(length))),
      set(sums, equalBytes(0)),
      repeat(
        [
          set(row, exclusiveOr(load16Bytes(get(rows)), equalBytes(zeroByte))),
          set(asked, load16Bytes(get(at))),
          set(
            sums,
            addIntegers(
              get(sums),
              pairSums(addShorts(lowProducts(get(row), get(asked)), highProducts(get(row), get(asked)))),
            ),
          ),
          advance(at, number(width)),
          advance(rows, number(width)),
        ],
        less(get(rows), get(end)),
      ),
      storeInteger(get(target), add(add(lane(0), lane(1)), add(lane(2), lane(3)))),
      advance(target, number(4)),
      set(count, subtract(get(count), number(1))),
    ],
    get(count),
  );
}

interface Loaded {
  readonly bytes: Uint8Array;
  readonly numbers: Int8Array;
  readonly integers: Int32Array;
  readonly products: (query: number, rows: number, count: number, length: number, target: number) => void;
}

const loaded = lazily((): Loaded | undefined => {
  const made = makeWebAssemblyProgram(memoryBytes, {
    products: { parameters: 5, numbers: 2, vectors: 3, code: products() },
  });
  if (!made) return undefined;
  const { buffer } = made.memory;
  return {
    bytes: new Uint8Array(buffer),
    numbers: new Int8Array(buffer),
    integers: new Int32Array(buffer),
    products: made.functions.products,
  };
});

/**
 * Rows of some groups whose product with a query, Σᵢ qᵢ·(xᵢ − 128), reaches a number, ascending; all of their rows where vector
 * instructions cannot be had, or vectors are of no multiple of 16 numbers.
 *
 * @param query whole numbers from −127 to 127, float32
 * @param matrix uint8 [rows, dimension]
 * @param options.groups the first rows of groups, ascending
 */
export function rowsThatReach(
  least: number,
  query: Float32Array,
  matrix: Uint8Array,
  options: { readonly groups: Uint32Array; readonly dimension: number },
): Uint32Array {
  const { groups, dimension } = options;
  const found = new Uint32Array(groups.length * groupSize);
  let count = 0;
  const groupBytes = groupSize * dimension;
  const room = Math.floor((memoryBytes - dimension) / (groupBytes + 4 * groupSize));
  const program = room < 1 || dimension % width !== 0 ? undefined : loaded();
  if (!program) return rowsOfGroups(groups);
  const { bytes, numbers, integers, products } = program;
  numbers.set(query);
  const target = dimension + room * groupBytes;
  for (let done = 0; done < groups.length; done += room) {
    const some = Math.min(room, groups.length - done);
    for (let i = 0; i < some; i++) {
      const from = groups[done + i]! * dimension;
      bytes.set(matrix.subarray(from, from + groupBytes), dimension + i * groupBytes);
    }
    products(0, dimension, some * groupSize, dimension, target);
    for (let i = 0; i < some * groupSize; i++)
      if (integers[target / 4 + i]! >= least)
        found[count++] = groups[done + Math.floor(i / groupSize)]! + (i % groupSize);
  }
  return found.subarray(0, count);
}
