import sharp from 'sharp';

export interface ScatterLayer {
  /** Centres, in pixels of the layer. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** `#rrggbb` of each point. */
  readonly colourOf: (point: number) => string;
  readonly radius: number;
  /** Of one point; where many lie upon one another it adds up. */
  readonly opacity: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** How finely a disc may lie between pixels: each place has a stamp of its own. */
const subpixels = 4;

/**
 * Discs on a transparent ground, as a PNG file. A drawing of a hundred thousand circles takes minutes and gigabytes to render;
 * stamping them takes a second.
 */
export async function scatterLayer(layer: ScatterLayer): Promise<Buffer> {
  const { x, y, colourOf, radius, opacity, widthPx, heightPx } = layer;
  /** Premultiplied, so that one disc over another is one sum. */
  const pixels = new Float32Array(widthPx * heightPx * 4);
  const stamps = new Map<number, Float32Array>();
  const reach = Math.ceil(radius) + 1;
  const side = 2 * reach + 1;
  for (let point = 0; point < x.length; point++) {
    const [left, top] = [Math.floor(x[point]!), Math.floor(y[point]!)];
    const [u, v] = [x[point]! - left, y[point]! - top].map((part) => Math.floor(part * subpixels)) as [
      number,
      number,
    ];
    const key = v * subpixels + u;
    const stamp = stamps.get(key) ?? stampOf((u + 0.5) / subpixels, (v + 0.5) / subpixels, radius, reach);
    stamps.set(key, stamp);
    const colour = colourOf(point);
    const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as [
      number,
      number,
      number,
    ];
    for (let row = 0; row < side; row++) {
      const py = top - reach + row;
      if (py < 0 || py >= heightPx) continue;
      for (let column = 0; column < side; column++) {
        const px = left - reach + column;
        const cover = stamp[row * side + column]! * opacity;
        if (cover === 0 || px < 0 || px >= widthPx) continue;
        const at = 4 * (py * widthPx + px);
        pixels[at] = r * cover + pixels[at]! * (1 - cover);
        pixels[at + 1] = g * cover + pixels[at + 1]! * (1 - cover);
        pixels[at + 2] = b * cover + pixels[at + 2]! * (1 - cover);
        pixels[at + 3] = cover + pixels[at + 3]! * (1 - cover);
      }
    }
  }
  const bytes = new Uint8Array(pixels.length);
  for (let at = 0; at < pixels.length; at += 4) {
    const cover = pixels[at + 3]!;
    if (cover === 0) continue;
    for (let c = 0; c < 3; c++) bytes[at + c] = Math.round(pixels[at + c]! / cover);
    bytes[at + 3] = Math.round(255 * cover);
  }
  return sharp(bytes, { raw: { width: widthPx, height: heightPx, channels: 4 } })
    .png()
    .toBuffer();
}

/** How far each pixel about a disc is covered by it; the edge is one pixel soft. */
function stampOf(u: number, v: number, radius: number, reach: number): Float32Array {
  const side = 2 * reach + 1;
  return Float32Array.from({ length: side * side }, (_, i) => {
    const away = Math.hypot((i % side) - reach + 0.5 - u, Math.floor(i / side) - reach + 0.5 - v);
    return Math.min(1, Math.max(0, radius + 0.5 - away));
  });
}
