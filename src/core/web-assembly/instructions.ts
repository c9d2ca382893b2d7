/**
 * Instructions of WebAssembly, encoded, as far as our programs need them. (WebAssembly Core Specification 2.0, sections 5.4 and
 * 5.5, has the encoding.) Addresses and counts are int32, locals are named by their numbers.
 */

/** Encoded; brackets are for the eye. */
export type Code = readonly (number | Code)[];

export const flat = (code: Code): number[] =>
  code.flatMap((part) => (typeof part === 'number' ? part : flat(part)));

export function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  const rest = value >> 7;
  const done = (rest === 0 && (value & 64) === 0) || (rest === -1 && (value & 64) !== 0);
  return done ? [value & 127] : [(value & 127) | 128, ...signed(rest)];
}

export const get = (local: number): Code => [0x20, local];
export const set = (local: number, value: Code): Code => [value, 0x21, local];
export const number = (value: number): Code => [0x41, signed(value)];
export const add = (a: Code, b: Code): Code => [a, b, 0x6a];
export const subtract = (a: Code, b: Code): Code => [a, b, 0x6b];
export const less = (a: Code, b: Code): Code => [a, b, 0x49];
export const advance = (local: number, by: Code): Code => set(local, add(get(local), by));
/** The body is run once, and again as long as the condition is not zero. */
export const repeat = (body: Code, condition: Code): Code => [0x03, 0x40, body, condition, 0x0d, 0, 0x0b];
export const load = (address: Code, offset = 0): Code => [address, 0x28, 2, unsigned(offset)];

/** An instruction on vectors of 16 bytes. */
export const vector = (operation: number, ...operands: Code[]): Code => [operands, 0xfd, unsigned(operation)];
/** 16 bytes of one value. */
export const equalBytes = (value: number): Code => [0xfd, 0x0c, Array(16).fill(value)];
export const load16Bytes = (address: Code, offset = 0): Code => [vector(0x00, address), 0, unsigned(offset)];
export const store16Bytes = (address: Code, value: Code): Code => [vector(0x0b, address, value), 0, 0];
