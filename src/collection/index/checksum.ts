import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/** Read at once while a file is checked. */
export const bytesAtOnce = 2 ** 22;

/**
 * CRC-32 of the first bytes of a file, as zlib and PNG have it. It is there to find damage, not malice; SHA-256 takes ten
 * times as long.
 * @param saw is shown each piece in turn; it may be overwritten later
 */
export async function checksumOf(
  file: FileHandle,
  bytes: number,
  saw: (piece: Uint8Array, at: number) => void = () => {},
): Promise<number> {
  const buffer = new Uint8Array(Math.min(bytesAtOnce, bytes));
  let sum = 0;
  for (let at = 0; at < bytes; ) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, bytes - at), at);
    if (bytesRead === 0) break;
    const piece = buffer.subarray(0, bytesRead);
    sum = crc32(piece, sum);
    saw(piece, at);
    at += bytesRead;
  }
  return sum;
}
