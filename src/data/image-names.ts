import { posix } from 'node:path';

/** Formats that decode, and others that people keep beside them: those are listed as skipped rather than overlooked. */
const imageExtensions = new Set(
  '.jpg .jpeg .jpe .jfif .png .webp .gif .tif .tiff .avif .svg .bmp .heic .heif .jp2 .jxl'.split(' '),
);

/** Whether a file is an image by its name. */
export function isImageName(name: string): boolean {
  return imageExtensions.has(posix.extname(name).toLowerCase());
}
