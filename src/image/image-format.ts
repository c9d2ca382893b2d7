/** The formats that imagekin reads. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff' | 'svg' | 'bmp' | 'heic';

/** As messages and documentation list them. */
export const formatList = 'JPEG, PNG, WebP, AVIF, GIF, TIFF, SVG, BMP or HEIC';

/** How far a file is searched for what shows it to be an SVG: comments and a document type may stand before. */
const svgSearchBytes = 4096;

/** The format of a file by its first bytes, whatever its name ends in; undefined where it is none of ours. */
export function imageFormatOf(bytes: Uint8Array): ImageFormat | undefined {
  const starts = (...expected: number[]) => expected.every((byte, at) => bytes[at] === byte);
  const text = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString('latin1');
  if (starts(0xff, 0xd8, 0xff)) return 'jpeg';
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (text(0, 4) === 'GIF8') return 'gif';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp';
  // 42 is TIFF, 43 BigTIFF.
  if (starts(0x49, 0x49, 42, 0) || starts(0x4d, 0x4d, 0, 42)) return 'tiff';
  if (starts(0x49, 0x49, 43, 0) || starts(0x4d, 0x4d, 0, 43)) return 'tiff';
  if (text(4, 8) === 'ftyp') return formatOfBrands(bytes);
  // The header's length, which is none for text that begins so.
  if (text(0, 2) === 'BM' && bytes.length >= 18 && bytes[16] === 0 && bytes[17] === 0) return 'bmp';
  const head = text(0, svgSearchBytes);
  return looksLikeMarkup(head) && /<(\w+:)?svg[\s>/]/.test(head) ? 'svg' : undefined;
}

/** The brands of an ISO base media file say how its pictures are coded. */
function formatOfBrands(bytes: Uint8Array): ImageFormat | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 16) return undefined;
  const end = Math.min(bytes.length, view.getUint32(0), 256);
  const brands: string[] = [];
  // After the first brand stands a version number.
  for (let at = 8; at + 4 <= end; at += at === 8 ? 8 : 4)
    brands.push(Buffer.from(bytes.subarray(at, at + 4)).toString('latin1'));
  for (const brand of brands) {
    if (brand === 'avif' || brand === 'avis') return 'avif';
    if (/^(heic|heix|heim|heis|hevc|hevx|hevm|hevs)$/.test(brand)) return 'heic';
  }
  return undefined;
}

function looksLikeMarkup(head: string): boolean {
  // A byte order mark, read as Latin-1.
  return head.replace(/^ï»¿/, '').trimStart().startsWith('<');
}
