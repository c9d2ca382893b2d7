import { ImagekinError } from '../../../core/errors.js';
import { recordLocation } from '../../collection/record-location.js';
import type { ServiceContext, ServiceMethod } from '../context.js';
import { imageVersion } from '../image-summary.js';
import { isMade, mediaTypeOf, rootsOf } from '../images/originals.js';
import { requireImage } from '../images/require-image.js';

export interface Original {
  /** What a browser may call it: the last part of its name. */
  readonly fileName: string;
  readonly version: string;
  /** Never anything but that of a picture. */
  readonly mediaType: string;
  /** A file to be opened by `openWithinRoots`; `null` where its bytes are asked for by `originalBytes`. */
  readonly file: { readonly path: string; readonly roots: readonly string[] } | null;
}

/** Where the bytes of an image are. */
export const original: ServiceMethod<{ readonly id: number }, Original> = (context, { id }) => {
  const record = requireImage(context, id);
  const isFile = typeof recordLocation(record) === 'string';
  // Those that are no files are given as PNG.
  const mediaType = isMade(record) ? 'image/png' : mediaTypeOf(record.format);
  if (mediaType === undefined) throw noPicture(id, context);
  return {
    fileName: record.name.split(/[\\/]/).at(-1)!,
    version: imageVersion(record),
    mediaType,
    file: isFile ? { path: record.path, roots: rootsOf(context) } : null,
  };
};

function noPicture(id: number, { name }: ServiceContext): ImagekinError {
  return new ImagekinError('image-not-found', {
    where: `image ${id}`,
    expected: `an image of ${name} with a file`,
    got: 'one of which only a vector was imported',
    fix: 'add the folder that its file lies in: imagekin add',
  });
}
