import { open, readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';

/** Where the bytes of an image file are: a path, or a stretch of an archive. Plain data, so that another thread can read it. */
export type ImageLocation = string | ArchivedFile;

/** A file inside a ZIP or TAR archive. */
export interface ArchivedFile {
  /** Path of the archive. */
  readonly archive: string;
  /** Name of the file in it. */
  readonly name: string;
  /** Where its bytes begin in the archive, and how many they are there. */
  readonly offset: number;
  readonly bytes: number;
  readonly compression: 'none' | 'deflate';
  /** How many they are unpacked. */
  readonly unpackedBytes: number;
}

/** What messages call the file: its path, or `photos.zip/cats/1.jpg`. */
export function locationName(location: ImageLocation): string {
  return typeof location === 'string' ? location : `${location.archive}/${location.name}`;
}

/** Bytes of more than `maxBytes` are not read: a plain error says how many there are. */
export async function readLocation(location: ImageLocation, maxBytes: number): Promise<Uint8Array> {
  const size = typeof location === 'string' ? (await stat(location)).size : location.unpackedBytes;
  if (size > maxBytes) throw new Error(`${size} bytes, more than the limit of ${maxBytes}`);
  if (typeof location === 'string') return readFile(location);
  const file = await open(location.archive);
  try {
    const stored = Buffer.alloc(location.bytes);
    const { bytesRead } = await file.read(stored, 0, location.bytes, location.offset);
    if (bytesRead !== location.bytes) throw new Error('the archive ends before the file does');
    if (location.compression === 'none') return stored;
    return await promisify(inflateRaw)(stored, { maxOutputLength: location.unpackedBytes });
  } finally {
    await file.close();
  }
}
