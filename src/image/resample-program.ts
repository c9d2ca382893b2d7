import {
  add,
  advance,
  type Code,
  get,
  less,
  load,
  load16Bytes,
  number,
  repeat,
  set,
  store16Bytes,
  subtract,
  vector,
} from '../core/web-assembly/instructions.js';
import { makeWebAssemblyProgram, type WebAssemblyProgram } from '../core/web-assembly/program.js';

/**
 * The two passes of `resample.ts` as a WebAssembly program, written with vector instructions: four sums a step for a
 * pixel's channels, sixteen down a column. The arithmetic is the same to the bit.
 *
 * A pass reads a table: for each target position the byte offset of the first source position that it draws on, how many
 * it draws on, and their weights, all int32, `entryBytes` apart. Both may read and write up to 16 bytes behind an image.
 */
export type ResampleProgram = WebAssemblyProgram<'width' | 'height'>;

export const memoryBytes = 2 ** 23;

const load4Bytes = (address: Code): Code => [vector(0x5c, address), 0, 0];
const loadToAllLanes = (address: Code): Code => [vector(0x09, address), 2, 0];
const storeFirst4Bytes = (address: Code, value: Code): Code => [vector(0x5a, address, value), 0, 0, 0];
const allLanes = (value: Code) => vector(0x11, value);
const addLanes = (a: Code, b: Code) => vector(0xae, a, b);
const multiplyLanes = (a: Code, b: Code) => vector(0xb5, a, b);
const shiftLanesRight = (value: Code, bits: number) => vector(0xac, value, number(bits));
const bytesToShorts = {
  low: (value: Code) => vector(0x89, value),
  high: (value: Code) => vector(0x8a, value),
};
const shortsToInts = {
  low: (value: Code) => vector(0xa9, value),
  high: (value: Code) => vector(0xaa, value),
};
/** Cut to −32,768 … 32,767, then to 0 … 255. */
const intsToShorts = (low: Code, high: Code) => vector(0x85, low, high);
const shortsToBytes = (low: Code, high: Code) => vector(0x66, low, high);

/** Rows of `rowLength` bytes to rows of `count` pixels, one behind the other. */
function widthPass(bits: number): Code {
  const [source, rowLength, rows, table, entryBytes, count, target] = [0, 1, 2, 3, 4, 5, 6];
  const [column, entry, at, weight, left, sums] = [7, 8, 9, 10, 11, 12];
  const tap = [
    set(
      sums,
      addLanes(
        get(sums),
        multiplyLanes(loadToAllLanes(get(weight)), shortsToInts.low(bytesToShorts.low(load4Bytes(get(at))))),
      ),
    ),
    advance(at, number(3)),
    advance(weight, number(4)),
    set(left, subtract(get(left), number(1))),
  ];
  const levels = shiftLanesRight(get(sums), bits);
  const pixel = [
    set(at, add(get(source), load(get(entry)))),
    set(left, load(get(entry), 4)),
    set(weight, add(get(entry), number(8))),
    set(sums, allLanes(number(1 << (bits - 1)))),
    repeat(tap, get(left)),
    // The fourth byte is nobody's; the next pixel is written over it.
    storeFirst4Bytes(get(target), shortsToBytes(intsToShorts(levels, levels), intsToShorts(levels, levels))),
    advance(target, number(3)),
    advance(entry, get(entryBytes)),
    set(column, subtract(get(column), number(1))),
  ];
  return repeat(
    [
      set(column, get(count)),
      set(entry, get(table)),
      repeat(pixel, get(column)),
      advance(source, get(rowLength)),
      set(rows, subtract(get(rows), number(1))),
    ],
    get(rows),
  );
}

/** To `rows` rows of `rowLength` bytes; offsets in the table are those of rows. */
function heightPass(bits: number): Code {
  const [source, rowLength, rows, table, entryBytes, target] = [0, 1, 2, 3, 4, 5];
  const [column, at, weight, left] = [6, 7, 8, 9];
  const [factor, bytes, ...sums] = [10, 11, 12, 13, 14, 15];
  const levels = [
    shortsToInts.low(bytesToShorts.low(get(bytes))),
    shortsToInts.high(bytesToShorts.low(get(bytes))),
    shortsToInts.low(bytesToShorts.high(get(bytes))),
    shortsToInts.high(bytesToShorts.high(get(bytes))),
  ];
  const tap = [
    set(factor, loadToAllLanes(get(weight))),
    set(bytes, load16Bytes(get(at))),
    sums.map((sum, i) => set(sum, addLanes(get(sum), multiplyLanes(get(factor), levels[i]!)))),
    advance(at, get(rowLength)),
    advance(weight, number(4)),
    set(left, subtract(get(left), number(1))),
  ];
  const [a, b, c, d] = sums.map((sum) => shiftLanesRight(get(sum), bits)) as [Code, Code, Code, Code];
  const sixteen = [
    set(at, add(add(get(source), get(column)), load(get(table)))),
    set(left, load(get(table), 4)),
    set(weight, add(get(table), number(8))),
    sums.map((sum) => set(sum, allLanes(number(1 << (bits - 1))))),
    repeat(tap, get(left)),
    // Behind the end of a row, the next row is written over it.
    store16Bytes(add(get(target), get(column)), shortsToBytes(intsToShorts(a, b), intsToShorts(c, d))),
    advance(column, number(16)),
  ];
  return repeat(
    [
      set(column, number(0)),
      repeat(sixteen, less(get(column), get(rowLength))),
      advance(target, get(rowLength)),
      advance(table, get(entryBytes)),
      set(rows, subtract(get(rows), number(1))),
    ],
    get(rows),
  );
}

/**
 * @param bits the weights are in units of 2 to the power of minus this many
 * @returns undefined where this system runs no such programs, or grants none the addresses that it wants for its memory
 */
export function makeResampleProgram(bits: number): ResampleProgram | undefined {
  return makeWebAssemblyProgram(memoryBytes, {
    width: { parameters: 7, numbers: 5, vectors: 1, code: widthPass(bits) },
    height: { parameters: 6, numbers: 4, vectors: 6, code: heightPass(bits) },
  });
}
