const newline = 0x0a;
const nul = 0x00;

/** A stretch of a text between delimiters. */
export interface TextPiece {
  /** Which it is, counted from 1; empty ones count. */
  readonly number: number;
  /** Undefined where it is longer than allowed. */
  readonly text: string | undefined;
}

export interface PieceOptions {
  /** Longer pieces are passed over without being held. */
  readonly maxBytes: number;
  /** `either`: NUL if the first block of the stream has one, else newline. Default: newline. */
  readonly delimiter?: 'newline' | 'either';
}

/**
 * Cuts a stream of UTF-8 into lines, or at its NULs. A carriage return at the end of a line and a byte order mark at the
 * beginning are left out. One piece is held at a time.
 */
export async function* textPieces(
  stream: AsyncIterable<Uint8Array>,
  { maxBytes, delimiter = 'newline' }: PieceOptions,
): AsyncGenerator<TextPiece> {
  let end: number | undefined = delimiter === 'newline' ? newline : undefined;
  let parts: Uint8Array[] = [];
  let bytes = 0;
  let number = 0;
  const take = (): TextPiece => {
    number++;
    const whole = bytes <= maxBytes ? Buffer.concat(parts).toString('utf8') : undefined;
    parts = [];
    bytes = 0;
    const marked = number === 1 ? whole?.replace(/^\ufeff/, '') : whole;
    return { number, text: end === newline ? marked?.replace(/\r$/, '') : marked };
  };
  const add = (part: Uint8Array) => {
    bytes += part.length;
    if (bytes <= maxBytes) parts.push(part);
    else parts = [];
  };
  for await (const block of stream) {
    if (block.length === 0) continue;
    end ??= block.includes(nul) ? nul : newline;
    let from = 0;
    for (let at = block.indexOf(end); at >= 0; at = block.indexOf(end, from)) {
      add(block.subarray(from, at));
      yield take();
      from = at + 1;
    }
    if (from < block.length) add(block.subarray(from));
  }
  if (bytes > 0) yield take();
}
