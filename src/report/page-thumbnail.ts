import sharp from 'sharp';

/**
 * A WebP file made small for a page that holds very many.
 * @returns `undefined` where it is no picture
 */
export function pageThumbnail(webp: Uint8Array, longestPx: number): Promise<Uint8Array | undefined> {
  return sharp(webp)
    .resize(longestPx, longestPx, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 74, effort: 0 })
    .toBuffer()
    .catch(() => undefined);
}
