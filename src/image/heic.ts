import type { LibHeif } from 'libheif-js/libheif-wasm/libheif-bundle.mjs';
import { colourProfileOf } from './heif-boxes.js';
import type { RawPicture } from './raw-picture.js';

/**
 * Decodes the main picture of a HEIC file: tiles put together, turned and mirrored as the file says, 10 bits to 8. The
 * decoder is libheif in WebAssembly; it is loaded when the first such file comes, and blocks the thread.
 * @throws Error with libheif's reason; the same for more than `maxPixels`, before they are decoded
 */
export async function decodeHeic(bytes: Uint8Array, maxPixels: number): Promise<RawPicture> {
  loading ??= load();
  let library: LibHeif;
  try {
    library = await loading;
  } catch (error) {
    loading = undefined;
    throw error;
  }
  try {
    return await decodeWith(library, bytes, maxPixels);
  } catch (error) {
    // A trap leaves the module's memory as it was in the middle of something.
    if (!(error instanceof HeicError)) loading = undefined;
    throw error;
  } finally {
    // Its memory grows with the picture and never shrinks.
    if (library.HEAPU8.length > keptMemoryBytes) loading = undefined;
  }
}

const keptMemoryBytes = 64 * 2 ** 20;

/** What libheif says of a file. */
class HeicError extends Error {}

let loading: Promise<LibHeif> | undefined;

async function load(): Promise<LibHeif> {
  const { default: libheif } = await import('libheif-js/libheif-wasm/libheif-bundle.mjs');
  // Its messages must not get into our output; those that matter are also returned.
  return libheif({ print: () => {}, printErr: () => {} });
}

async function decodeWith(library: LibHeif, bytes: Uint8Array, maxPixels: number): Promise<RawPicture> {
  const context = library.heif_context_alloc();
  try {
    const read = library.heif_context_read_from_memory(context, bytes);
    if (read.code !== library.heif_error_code.heif_error_Ok) throw refused(read.message);
    const handle = library.heif_js_context_get_primary_image_handle(context);
    if (handle.code !== undefined) throw refused(handle.message);
    try {
      return await decodeImageOf(library, handle, maxPixels, colourProfileOf(bytes));
    } finally {
      library.heif_image_handle_release(handle);
    }
  } finally {
    library.heif_context_free(context);
  }
}

async function decodeImageOf(
  library: LibHeif,
  handle: unknown,
  maxPixels: number,
  profile: Uint8Array | undefined,
): Promise<RawPicture> {
  const claimed = {
    width: library.heif_image_handle_get_width(handle),
    height: library.heif_image_handle_get_height(handle),
  };
  if (claimed.width * claimed.height > maxPixels)
    throw new HeicError(`${claimed.width} × ${claimed.height} pixels, more than the limit`);
  const alpha = library.heif_image_handle_has_alpha_channel(handle) !== 0;
  const decoded = await library.heif_js_decode_image2(
    handle,
    library.heif_colorspace.heif_colorspace_RGB,
    alpha
      ? library.heif_chroma.heif_chroma_interleaved_RGBA
      : library.heif_chroma.heif_chroma_interleaved_RGB,
  );
  if (decoded.code !== undefined) throw refused(decoded.message);
  try {
    const [plane] = decoded.channels;
    if (plane === undefined) throw refused(undefined);
    const channels = alpha ? 4 : 3;
    const { width, height, stride } = plane;
    const data = new Uint8Array(width * height * channels);
    const row = width * channels;
    for (let y = 0; y < height; y++) data.set(plane.data.subarray(y * stride, y * stride + row), y * row);
    return { width, height, channels, data, profile };
  } finally {
    library.heif_image_release(decoded.image);
  }
}

function refused(message: string | undefined): HeicError {
  return new HeicError(message ?? 'no picture in it');
}
