import { closeSync, constants, fstatSync, open, read, type Stats } from 'node:fs';
import { promisify } from 'node:util';

/** A part of a file. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
}

/**
 * Reads of a file what `choose` wants when it has seen how long it is, or all of it; less where the file ends before.
 *
 * Only what may wait for a disk or a writer goes through the thread pool, opening and reading; each trip there costs more
 * than reading a small picture. `stat` and `readFile` take five and 0.12 ms for 10 kB, this takes two and 0.05 ms.
 * @param flags how the file is opened
 */
export async function readStretch(
  path: string,
  choose: (stats: Stats) => Stretch | 'all',
  flags: number = constants.O_RDONLY,
): Promise<Uint8Array> {
  const descriptor = await openFile(path, flags);
  try {
    const stats = fstatSync(descriptor);
    const stretch = choose(stats);
    // Pipes, devices and what the system makes up as it is read say nothing of their length.
    if (stretch === 'all' && (!stats.isFile() || stats.size === 0)) return await readToEnd(descriptor);
    const { offset, length } = stretch === 'all' ? { offset: 0, length: stats.size } : stretch;
    const bytes = Buffer.allocUnsafeSlow(length);
    return bytes.subarray(0, await fill(descriptor, bytes, offset));
  } finally {
    closeSync(descriptor);
  }
}

const openFile = promisify(open);
const pieceLength = 2 ** 16;

async function readToEnd(descriptor: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let count = pieceLength; count === pieceLength; ) {
    const piece = Buffer.allocUnsafeSlow(pieceLength);
    count = await fill(descriptor, piece);
    pieces.push(piece.subarray(0, count));
  }
  return Buffer.concat(pieces);
}

/**
 * From `offset` on, or from where it was read last.
 * @returns how many bytes came before the file ended
 */
async function fill(descriptor: number, target: Uint8Array, offset?: number): Promise<number> {
  let filled = 0;
  while (filled < target.length) {
    const at = offset === undefined ? null : offset + filled;
    const count = await readInto(descriptor, target, filled, at);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

function readInto(
  descriptor: number,
  target: Uint8Array,
  filled: number,
  at: number | null,
): Promise<number> {
  return new Promise((resolve, reject) => {
    read(descriptor, target, filled, target.length - filled, at, (error, count) =>
      error ? reject(error) : resolve(count),
    );
  });
}
