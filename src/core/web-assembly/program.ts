import { type Code, flat, unsigned } from './instructions.js';

const [i32, v128] = [0x7f, 0x7b];
const pageBytes = 2 ** 16;

export interface WebAssemblyFunction {
  /** Numbers that it takes, its first locals. */
  readonly parameters: number;
  /** Further locals that are numbers, behind the parameters, and vectors, behind those. */
  readonly numbers: number;
  readonly vectors: number;
  readonly code: Code;
}

export interface WebAssemblyProgram<Name extends string> {
  /** Always of the same length. */
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly functions: Readonly<Record<Name, (...numbers: number[]) => void>>;
}

// Neither the language's nor Node's types have it.
declare const WebAssembly:
  | undefined
  | {
      readonly Module: new (file: Uint8Array) => object;
      readonly Instance: new (module: object) => { readonly exports: object };
    };

const counted = (items: readonly Code[]): Code => [unsigned(items.length), items];
const sized = (code: Code): Code => [unsigned(flat(code).length), code];
const section = (id: number, items: readonly Code[]): Code => [id, sized(counted(items))];
const named = (name: string): Code => [unsigned(name.length), [...Buffer.from(name)]];
const signature = (parameters: number): Code => [0x60, counted(Array(parameters).fill(i32)), 0];
const body = ({ numbers, vectors, code }: WebAssemblyFunction): Code =>
  sized([
    counted([
      [numbers, i32],
      [vectors, v128],
    ]),
    code,
    0x0b,
  ]);

/**
 * A program with a memory of its own.
 * @param memoryBytes a multiple of 64 KB
 * @returns undefined where this system runs no such programs, or grants none the addresses that it wants for its memory
 */
export function makeWebAssemblyProgram<Name extends string>(
  memoryBytes: number,
  functions: Readonly<Record<Name, WebAssemblyFunction>>,
): WebAssemblyProgram<Name> | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  const pages = unsigned(memoryBytes / pageBytes);
  const all = Object.entries<WebAssemblyFunction>(functions);
  const file = flat([
    [...Buffer.from('\0asm')],
    [1, 0, 0, 0],
    section(
      1,
      all.map(([, { parameters }]) => signature(parameters)),
    ),
    section(
      3,
      all.map((_, i) => unsigned(i)),
    ),
    section(5, [[1, pages, pages]]),
    section(7, [[named('memory'), 2, 0], ...all.map(([name], i) => [named(name), 0, unsigned(i)])]),
    section(
      10,
      all.map(([, each]) => body(each)),
    ),
  ]);
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(file)));
    const { memory, ...rest } = exports as WebAssemblyProgram<Name>['functions'] &
      Pick<WebAssemblyProgram<Name>, 'memory'>;
    return { memory, functions: rest as unknown as WebAssemblyProgram<Name>['functions'] };
  } catch {
    return undefined;
  }
}
