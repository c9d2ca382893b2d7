import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { ImagekinError, messageOf } from '../core/errors.js';

/** An array of bytes as IDX files hold it. */
export interface IdxArray {
  readonly dimensions: readonly number[];
  /** uint8, last dimension fastest */
  readonly data: Uint8Array;
}

/** Type code of unsigned bytes. */
const uint8Code = 0x08;
/** What deflate packs into a byte at best. */
const mostInflation = 1032;

/**
 * Reads an IDX file, as it is or gzipped (`.gz`): two zero bytes, a type, the number of dimensions, each as a big-endian
 * uint32, then the values.
 *
 * Format: LeCun, Cortes and Burges, "The MNIST database of handwritten digits". Only unsigned bytes are known here.
 * @param rank the number of dimensions that is expected
 * @throws ImagekinError `source-damaged`: another type or rank, or more or fewer values than the dimensions say
 */
export async function readIdx(path: string, rank: number, signal?: AbortSignal): Promise<IdxArray> {
  const isPacked = path.toLowerCase().endsWith('.gz');
  const damaged = (got: string, cause?: unknown) =>
    new ImagekinError('source-damaged', {
      where: path,
      expected: `an IDX file of unsigned bytes in ${rank} ${rank === 1 ? 'dimension' : 'dimensions'}`,
      got,
      fix: 'get it again',
      cause,
    });
  const headerBytes = 4 + 4 * rank;
  let head: Buffer = Buffer.alloc(0);
  let array: { readonly dimensions: number[]; readonly data: Uint8Array } | undefined;
  let filled = 0;
  const file = createReadStream(path, { signal });
  const stream = isPacked ? file.pipe(createGunzip()) : file;
  file.on('error', (error) => stream.destroy(error));
  try {
    const most = (await stat(path)).size * (isPacked ? mostInflation : 1);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      let values = chunk;
      if (array === undefined) {
        head = Buffer.concat([head, chunk]);
        if (head.length < headerBytes) continue;
        if (head.readUInt32BE(0) !== uint8Code * 256 + rank)
          throw damaged(`one that begins with 0x${head.toString('hex', 0, 4)}`);
        const dimensions = Array.from({ length: rank }, (_, i) => head.readUInt32BE(4 + 4 * i));
        const count = dimensions.reduce((product, length) => product * length, 1);
        // Before room is made for what a damaged header may claim.
        if (count > most) throw damaged(`one of ${dimensions.join('×')} values in fewer bytes`);
        array = { dimensions, data: new Uint8Array(count) };
        values = head.subarray(headerBytes);
      }
      if (filled + values.length > array.data.length)
        throw damaged(`more values than its ${array.dimensions.join('×')}`);
      array.data.set(values, filled);
      filled += values.length;
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw cause instanceof ImagekinError ? cause : damaged(messageOf(cause), cause);
  } finally {
    file.destroy();
    stream.destroy();
  }
  if (array === undefined) throw damaged(`${head.length} bytes`);
  if (filled < array.data.length)
    throw damaged(`${filled} values, where its header says ${array.dimensions.join('×')}`);
  return array;
}
