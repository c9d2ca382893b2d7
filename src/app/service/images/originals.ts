import { join } from 'node:path';
import type { ImageRecord } from '../../../collection/catalog/image-record.js';
import type { ServiceContext } from '../context.js';
import { realPathWithin } from './within-roots.js';

/** Where files that were sent lie, in the folder of a collection. */
export function uploadsFolder({ directory }: Pick<ServiceContext, 'directory'>): string {
  return join(directory, 'uploads');
}

/** The folders and files of which what lies in them may be shown: the sources of a collection, and what was sent to it. */
export function rootsOf(context: ServiceContext): string[] {
  const roots = context.collection.catalog.sources.all().flatMap(({ root }) => root ?? []);
  return [...roots, uploadsFolder(context)];
}

/**
 * Whether an image is a file, or lies in one, that may be shown; or is made by its source, as those of `cifar10`.
 * @param roots of its collection, by `rootsOf`
 */
export async function hasOriginal(record: ImageRecord, roots: readonly string[]): Promise<boolean> {
  if (isMade(record)) return true;
  return (await realPathWithin(record.path, roots)) !== undefined;
}

/** Whether there is no file with the bytes of an image. */
export function isMade({ entry, archived }: Pick<ImageRecord, 'entry' | 'archived'>): boolean {
  return entry !== '' && archived === null;
}

const types: Readonly<Record<string, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  gif: 'image/gif',
  tiff: 'image/tiff',
  svg: 'image/svg+xml',
  bmp: 'image/bmp',
  heic: 'image/heic',
};

/** The media type of an image by its format, which was found in its bytes when it was added; never that of anything else. */
export function mediaTypeOf(format: string | null): string | undefined {
  return format !== null && Object.hasOwn(types, format) ? types[format] : undefined;
}
