import type { ImageRecord } from '../../../collection/catalog/image-record.js';
import { ImagekinError } from '../../../core/errors.js';
import { defaultMaxBytes } from '../../../image/decode.js';
import { encodePng } from '../../../image/encode.js';
import type { Image } from '../../../image/image.js';
import {
  type ImageLocation,
  isSentImage,
  readLocation,
  type SentImage,
} from '../../../image/image-location.js';
import { InMemoryImages } from '../../collection/in-memory-images.js';
import { recordLocation } from '../../collection/record-location.js';
import type { ServiceContext } from '../context.js';
import { kept } from '../kept.js';
import { rootsOf } from './originals.js';
import { openWithinRoots, realPathWithin } from './within-roots.js';

/**
 * What an image is decoded from, where that may be shown: the bytes of its file, if it lies in a source of the collection, its
 * stretch of an archive, or what its source makes of it.
 * @throws `image-not-found`
 */
export async function imageSource(
  context: ServiceContext,
  record: ImageRecord,
): Promise<ImageLocation | SentImage> {
  const location = recordLocation(record);
  if (location === undefined) return { bytes: await madePng(context, record), name: record.name };
  if (typeof location === 'string') return { bytes: await fileBytes(context, record), name: record.name };
  const archive = await realPathWithin(record.path, rootsOf(context));
  if (archive === undefined) throw gone(context, record);
  return { ...location, archive };
}

/** Read from what was found to lie in a source, not from what may lie there by the time that it is decoded. */
async function fileBytes(context: ServiceContext, record: ImageRecord): Promise<Uint8Array> {
  const { file, size } = await openWithinRoots(record.path, rootsOf(context), `image ${record.id}`);
  try {
    if (size > mostBytes(context)) throw gone(context, record);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function mostBytes({ decoding }: ServiceContext): number {
  return decoding?.maxBytes ?? defaultMaxBytes;
}

/** The bytes of an image that is no file by itself. @throws `image-not-found` */
export async function imageBytes(context: ServiceContext, record: ImageRecord): Promise<Uint8Array> {
  const source = await imageSource(context, record);
  if (isSentImage(source)) return source.bytes;
  return readLocation(source, mostBytes(context)).catch(() => {
    throw gone(context, record);
  });
}

function madeImages({ collection }: ServiceContext): InMemoryImages {
  return new InMemoryImages(collection);
}

async function madePng(context: ServiceContext, record: ImageRecord): Promise<Uint8Array> {
  const found = await kept(context, madeImages).find(record);
  const size = found && (found.images.nativeSize ?? sizeOf(record));
  if (!size) throw gone(context, record);
  const image: Image = { ...size, data: await found.images.pixels([found.index], size) };
  return encodePng(image);
}

function sizeOf({ width, height }: ImageRecord) {
  return width !== null && height !== null ? { width, height } : undefined;
}

function gone({ name }: ServiceContext, { id }: ImageRecord): ImagekinError {
  return new ImagekinError('image-not-found', {
    where: `image ${id}`,
    expected: `an image of ${name} whose file can be had, in one of its sources`,
    got: 'none that may be shown',
    fix: 'see that the file is there, and lies in the folder that was given to imagekin add, without links that lead out of it',
  });
}
