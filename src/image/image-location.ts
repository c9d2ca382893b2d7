import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { readStretch } from './read-stretch.js';

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

/** An image that is no file yet. */
export interface SentImage {
  readonly bytes: Uint8Array;
  /** What messages call it. */
  readonly name: string;
}

export function isSentImage(image: ImageLocation | SentImage): image is SentImage {
  return typeof image === 'object' && !('archive' in image);
}

/** What messages call the file: its path, or `photos.zip/cats/1.jpg`. */
export function locationName(location: ImageLocation): string {
  return typeof location === 'string' ? location : `${location.archive}/${location.name}`;
}

/**
 * The bytes of an image file, those of an archive unpacked.
 * @throws Error where there are more than `maxBytes`, or the archive does not hold what its directory says
 */
export async function readLocation(location: ImageLocation, maxBytes: number): Promise<Uint8Array> {
  if (typeof location !== 'string') return readArchived(location, maxBytes);
  return readStretch(location, ({ size }) => {
    requireBytes(size, maxBytes);
    return 'all';
  });
}

async function readArchived(file: ArchivedFile, maxBytes: number): Promise<Uint8Array> {
  const { offset, bytes, unpackedBytes } = file;
  // What a damaged directory says of either must not decide how much room is made.
  requireBytes(Math.max(bytes, unpackedBytes), maxBytes);
  const early = 'the archive ends before the file does';
  const stored = await readStretch(file.archive, ({ size }) => {
    if (offset + bytes > size) throw new Error(early);
    return { offset, length: bytes };
  });
  if (stored.length < bytes) throw new Error(early);
  if (file.compression === 'none') return stored;
  // One byte more than there should be, so that too many are noticed and no more of them unpacked.
  const unpacked = await promisify(inflateRaw)(stored, { maxOutputLength: unpackedBytes + 1 });
  if (unpacked.length === unpackedBytes) return unpacked;
  throw new Error(`${unpacked.length} bytes unpacked, where the archive says ${unpackedBytes}`);
}

function requireBytes(size: number, maxBytes: number): void {
  if (size > maxBytes) throw new Error(`${size} bytes, more than the limit of ${maxBytes}`);
}
