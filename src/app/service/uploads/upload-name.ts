import { extname } from 'node:path';
import { isImageName } from '../../../data/image-names.js';
import type { ImageFormat } from '../../../image/image-format.js';

/** In UTF-8; file systems take 255, and something may be put behind it. */
const mostBytes = 180;
/** Separators, what Windows does not take, and what is not to be seen: control characters, marks that turn text around. */
const notInNames = /[/\\:*?"<>|\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Devices of Windows, whatever stands behind the dot. */
const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/**
 * The name that a file that was sent gets: its own, without folders and without what is not safe in names. Where it does not end
 * as images do, what its bytes say is put behind it.
 */
export function uploadName(given: string, format: ImageFormat): string {
  const own = given.toWellFormed().normalize('NFC').split(/[/\\]/).at(-1)!;
  const clean = own
    .replaceAll(notInNames, '_')
    .replace(/^[.\s]+|[.\s]+$/gu, '')
    .replace(deviceName, '_$1');
  const extension = isImageName(clean) ? extname(clean) : `.${format === 'jpeg' ? 'jpg' : format}`;
  const stem = isImageName(clean) ? clean.slice(0, clean.length - extension.length) : clean;
  return `${cut(stem.trimEnd() || 'image', mostBytes)}${extension}`;
}

/** The same name for other bytes. */
export function otherUploadName(name: string, mark: string): string {
  const extension = extname(name);
  return `${name.slice(0, name.length - extension.length)}-${mark}${extension}`;
}

/** Whole characters of a text, no more than so many bytes. */
function cut(text: string, bytes: number): string {
  let length = 0;
  let kept = '';
  for (const character of text) {
    length += Buffer.byteLength(character);
    if (length > bytes) break;
    kept += character;
  }
  return kept;
}
