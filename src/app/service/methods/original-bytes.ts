import type { ServiceMethod } from '../context.js';
import { imageBytes } from '../images/image-source.js';
import { requireImage } from '../images/require-image.js';

/** The bytes of an image that lies in an archive, or that its source makes, then as PNG. */
export const originalBytes: ServiceMethod<{ readonly id: number }, Uint8Array> = async (context, { id }) =>
  // What goes to another thread takes along all that it is cut from.
  Uint8Array.from(await imageBytes(context, requireImage(context, id)));
