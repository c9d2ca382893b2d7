/**
 * The two passes of `resample.ts` as a WebAssembly program, written with vector instructions: four sums a step for a
 * pixel's channels, sixteen down a column. The arithmetic is the same to the bit. (WebAssembly Core Specification 2.0,
 * sections 5.4 and 5.5, has the encoding.)
 *
 * A pass reads a table: for each target position the byte offset of the first source position that it draws on, how many
 * it draws on, and their weights, all int32, `entryBytes` apart. Both may read and write up to 16 bytes behind an image.
 */
export interface ResampleProgram {
  /** Always the same length, as what is larger takes the other way. */
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Rows of `rowLength` bytes to rows of `count` pixels, one behind the other. */
  readonly width: (
    source: number,
    rowLength: number,
    rows: number,
    table: number,
    entryBytes: number,
    count: number,
    target: number,
  ) => void;
  /** To `rows` rows of `rowLength` bytes; offsets in the table are those of rows. */
  readonly height: (
    source: number,
    rowLength: number,
    rows: number,
    table: number,
    entryBytes: number,
    target: number,
  ) => void;
}

export const memoryBytes = 2 ** 23;
const pageBytes = 2 ** 16;

/** Instructions, encoded; brackets are for the eye. */
type Code = readonly (number | Code)[];

const [i32, v128] = [0x7f, 0x7b];
const flat = (code: Code): number[] => code.flatMap((part) => (typeof part === 'number' ? part : flat(part)));

function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  const rest = value >> 7;
  const done = (rest === 0 && (value & 64) === 0) || (rest === -1 && (value & 64) !== 0);
  return done ? [value & 127] : [(value & 127) | 128, ...signed(rest)];
}

const get = (local: number): Code => [0x20, local];
const set = (local: number, value: Code): Code => [value, 0x21, local];
const number = (value: number): Code => [0x41, signed(value)];
const add = (a: Code, b: Code): Code => [a, b, 0x6a];
const subtract = (a: Code, b: Code): Code => [a, b, 0x6b];
const less = (a: Code, b: Code): Code => [a, b, 0x49];
const advance = (local: number, by: Code): Code => set(local, add(get(local), by));
/** The body is run once, and again as long as the condition is not zero. */
const repeat = (body: Code, condition: Code): Code => [0x03, 0x40, body, condition, 0x0d, 0, 0x0b];
const load = (address: Code, offset = 0): Code => [address, 0x28, 2, unsigned(offset)];

const vector = (operation: number, ...operands: Code[]): Code => [operands, 0xfd, unsigned(operation)];
const load16Bytes = (address: Code): Code => [vector(0x00, address), 0, 0];
const load4Bytes = (address: Code): Code => [vector(0x5c, address), 0, 0];
const loadToAllLanes = (address: Code): Code => [vector(0x09, address), 2, 0];
const store16Bytes = (address: Code, value: Code): Code => [vector(0x0b, address, value), 0, 0];
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

const counted = (items: readonly Code[]): Code => [unsigned(items.length), items];
const sized = (code: Code): Code => [unsigned(flat(code).length), code];
const section = (id: number, items: readonly Code[]): Code => [id, sized(counted(items))];
const named = (name: string): Code => [unsigned(name.length), [...Buffer.from(name)]];
const signature = (parameters: number): Code => [0x60, counted(Array(parameters).fill(i32)), 0];
const body = (ints: number, vectors: number, code: Code): Code =>
  sized([
    counted([
      [ints, i32],
      [vectors, v128],
    ]),
    code,
    0x0b,
  ]);

// Neither the language's nor Node's types have it.
declare const WebAssembly:
  | undefined
  | {
      readonly Module: new (file: Uint8Array) => object;
      readonly Instance: new (module: object) => { readonly exports: unknown };
    };

/**
 * @param bits the weights are in units of 2 to the power of minus this many
 * @returns undefined where this system runs no such programs, or grants none the addresses that it wants for its memory
 */
export function makeResampleProgram(bits: number): ResampleProgram | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  const pages = unsigned(memoryBytes / pageBytes);
  const file = flat([
    [...Buffer.from('\0asm')],
    [1, 0, 0, 0],
    section(1, [signature(7), signature(6)]),
    section(3, [[0], [1]]),
    section(5, [[1, pages, pages]]),
    section(7, [
      [named('memory'), 2, 0],
      [named('width'), 0, 0],
      [named('height'), 0, 1],
    ]),
    section(10, [body(5, 1, widthPass(bits)), body(4, 6, heightPass(bits))]),
  ]);
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(file)));
    return exports as ResampleProgram;
  } catch {
    return undefined;
  }
}
