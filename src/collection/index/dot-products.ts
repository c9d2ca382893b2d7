import { lazily } from '../../core/lazily.js';
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
} from '../../core/web-assembly/instructions.js';
import { makeWebAssemblyProgram } from '../../core/web-assembly/program.js';
import { dotProduct } from './dot-product.js';
import { forRuns } from './row-store.js';

const memoryBytes = 2 ** 18;
/** Calling the program costs as much as this many rows. */
const fewRows = 4;

const load8Bytes = (address: Code, offset: number): Code => [vector(0x5d, address), 0, offset];
const asDoubles = (floats: Code) => vector(0x5f, floats);
const addDoubles = (a: Code, b: Code) => vector(0xf0, a, b);
const multiplyDoubles = (a: Code, b: Code) => vector(0xf2, a, b);
const double = (of: Code, lane: number): Code => [vector(0x21, of), lane];
const sum = (a: Code, b: Code): Code => [a, b, 0xa0];
const storeDouble = (address: Code, value: Code): Code => [address, value, 0x39, 3, 0];

/**
 * The products of a float64 vector and float32 rows, one behind the other, that are `rowBytes` long, a multiple of 16: as float64 from
 * `target` on. The four sums of `dotProduct` are two vectors of two.
 */
function products(): Code {
  const [query, rows, count, rowBytes, target] = [0, 1, 2, 3, 4];
  const [at, end, first, second] = [5, 6, 7, 8];
  const multiplyAdd = (sums: number, half: number) =>
    set(
      sums,
      addDoubles(
        get(sums),
        multiplyDoubles(load16Bytes(get(at), 16 * half), asDoubles(load8Bytes(get(rows), 8 * half))),
      ),
    );
  return repeat(
    [
      set(at, get(query)),
      set(end, add(get(rows), get(rowBytes))),
      set(first, equalBytes(0)),
      set(second, equalBytes(0)),
      repeat(
        [multiplyAdd(first, 0), multiplyAdd(second, 1), advance(at, number(32)), advance(rows, number(16))],
        less(get(rows), get(end)),
      ),
      storeDouble(
        get(target),
        sum(
          sum(double(get(first), 0), double(get(first), 1)),
          sum(double(get(second), 0), double(get(second), 1)),
        ),
      ),
      advance(target, number(8)),
      set(count, subtract(get(count), number(1))),
    ],
    get(count),
  );
}

interface Loaded {
  readonly doubles: Float64Array;
  readonly floats: Float32Array;
  readonly products: (query: number, rows: number, count: number, rowBytes: number, target: number) => void;
}

function load(): Loaded | undefined {
  const made = makeWebAssemblyProgram(memoryBytes, {
    products: { parameters: 5, numbers: 2, vectors: 2, code: products() },
  });
  if (!made) return undefined;
  const { memory, functions } = made;
  const views = { doubles: new Float64Array(memory.buffer), floats: new Float32Array(memory.buffer) };
  return { ...views, products: functions.products };
}

const loaded = lazily(load);

/**
 * Dot products of a vector with rows of a matrix: those of `dotProduct` to the bit, in a third of the time where rows follow one
 * another and vector instructions can be had.
 *
 * @param query matrix whose row begins at element `queryFrom`
 * @param rows of the matrix, ascending
 * @param found is told each place in `rows` and its product, in order
 */
export function dotProducts(
  query: Float32Array,
  queryFrom: number,
  matrix: Float32Array,
  { rows, dimension }: { readonly rows: Uint32Array; readonly dimension: number },
  found: (place: number, product: number) => void,
): void {
  // The query and the products of rows take 8 bytes a number, rows 4.
  const room = Math.floor((memoryBytes - 8 * dimension) / (4 * dimension + 8));
  const program = room < fewRows || dimension % 4 !== 0 ? undefined : loaded();
  program?.doubles.set(query.subarray(queryFrom, queryFrom + dimension));
  const target = dimension + room;
  forRuns(rows, (first, length, at) => {
    if (!program || length < fewRows) {
      for (let i = 0; i < length; i++)
        found(at + i, dotProduct(query, queryFrom, matrix, (first + i) * dimension, dimension));
      return;
    }
    const { doubles, floats, products } = program;
    for (let done = 0; done < length; done += room) {
      const some = Math.min(room, length - done);
      const start = (first + done) * dimension;
      floats.set(matrix.subarray(start, start + some * dimension), 2 * target);
      products(0, 8 * target, some, 4 * dimension, 8 * dimension);
      for (let i = 0; i < some; i++) found(at + done + i, doubles[dimension + i]!);
    }
  });
}
