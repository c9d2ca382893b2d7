/** The size images are shrunk to for the floor. */
export const pixelBaselineSize = { width: 16, height: 16 } as const;

/** Values per image: 16 × 16 × 3. */
export const pixelBaselineDimension = pixelBaselineSize.width * pixelBaselineSize.height * 3;

/**
 * The embedding that no learning gives: raw 16×16 pixels, the image's mean over all pixels and channels removed, scaled
 * to unit length. Its retrieval metrics are the floor a trained embedding has to beat.
 *
 * An image of one even grey has no direction left and stays the zero vector, as near to everything as to nothing.
 *
 * @param pixels uint8 [n, 16, 16, 3], sRGB
 * @returns float32 [n, 768]
 */
export function pixelBaseline(pixels: Uint8Array): Float32Array {
  const vectors = new Float32Array(pixels.length);
  for (let start = 0; start < pixels.length; start += pixelBaselineDimension) {
    const end = start + pixelBaselineDimension;
    let sum = 0;
    for (let i = start; i < end; i++) sum += pixels[i];
    const mean = sum / pixelBaselineDimension;
    let squares = 0;
    for (let i = start; i < end; i++) squares += (pixels[i] - mean) ** 2;
    if (squares === 0) continue;
    const scale = 1 / Math.sqrt(squares);
    for (let i = start; i < end; i++) vectors[i] = (pixels[i] - mean) * scale;
  }
  return vectors;
}
