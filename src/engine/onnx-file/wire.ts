/**
 * The wire format of protocol buffers, as far as it takes to cut a message into its fields and to put others together of
 * them. What is not looked into travels as the bytes that it was, fields of later versions of ONNX included, and a weight of
 * hundreds of megabytes is never copied before the file is written.
 */

/** Bytes that are not joined yet. */
export type Rope = Uint8Array | readonly Rope[];

export interface Field {
  readonly number: number;
  /** Of a varint; of other fields 0. Whole numbers past 2⁵³ are rounded: those are looked at nowhere. */
  readonly value: number;
  /** Of a text, bytes or a message. */
  readonly payload: Uint8Array;
  /** The field as it stands, its tag included. */
  readonly whole: Uint8Array;
}

/** Throws a RangeError where the bytes are no message. */
export function fieldsOf(message: Uint8Array): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < message.length; ) {
    const tag = readVarint(message, at);
    const [number, wire] = [Math.floor(tag.value / 8), tag.value % 8];
    const { value, start, end } = readBody(message, tag.end, wire);
    if (number === 0 || end > message.length) throw new RangeError('not a message of protocol buffers');
    fields.push({
      number,
      value,
      payload: message.subarray(start, wire === 2 ? end : start),
      whole: message.subarray(at, end),
    });
    at = end;
  }
  return fields;
}

function readBody(message: Uint8Array, at: number, wire: number) {
  if (wire === 0) {
    const { value, end } = readVarint(message, at);
    return { value, start: end, end };
  }
  if (wire === 2) {
    const { value: length, end: start } = readVarint(message, at);
    return { value: 0, start, end: start + length };
  }
  if (wire !== 1 && wire !== 5) throw new RangeError('not a message of protocol buffers');
  return { value: 0, start: at, end: at + (wire === 1 ? 8 : 4) };
}

function readVarint(bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  let scale = 1;
  for (let end = at; end < bytes.length && end < at + 10; end++) {
    const byte = bytes[end]!;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, end: end + 1 };
    scale *= 128;
  }
  throw new RangeError('not a message of protocol buffers');
}

export function textOf({ payload }: Field): string {
  return new TextDecoder().decode(payload);
}

export function varintField(number: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(number * 8), ...varint(value)]);
}

/** A text, bytes, or a message made of its fields. */
export function bytesField(number: number, payload: Rope | string): Rope {
  const body = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  return [Uint8Array.from([...varint(number * 8 + 2), ...varint(ropeLength(body))]), body];
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

export function ropeLength(rope: Rope): number {
  if (rope instanceof Uint8Array) return rope.length;
  return rope.reduce((sum, part) => sum + ropeLength(part), 0);
}

/** Joins the bytes, in one allocation. */
export function joinRope(rope: Rope): Uint8Array {
  if (rope instanceof Uint8Array) return rope;
  const bytes = new Uint8Array(ropeLength(rope));
  let at = 0;
  const write = (part: Rope) => {
    if (!(part instanceof Uint8Array)) return part.forEach(write);
    bytes.set(part, at);
    at += part.length;
  };
  write(rope);
  return bytes;
}
