import { stat } from 'node:fs/promises';
import type { DecodePool } from '../../image/decode-pool.js';
import type { Image, Size } from '../../image/image.js';
import type { ImageLocation } from '../../image/image-location.js';
import { type PerceptualPrint, perceptualPrint, printSide } from '../../image/perceptual-hash.js';
import { defaultResizeRule, type ResizeRule } from '../../image/resize-rule.js';
import { reasonOf } from '../../image/undecodable.js';

/** The pixels that a model takes. */
export interface ModelInput {
  readonly inputSize: Size;
  readonly resize: ResizeRule;
}

/** All that is kept of a file that decodes, and for a moment the pixels for a model. */
export interface Examined {
  /** Hex, over the bytes of the file. */
  readonly sha256: string;
  readonly print: PerceptualPrint;
  /** Size of the picture, turned upright. */
  readonly size: Size;
  /** uint8 [height, width, 3], where a model is to see them. */
  readonly pixels: Uint8Array | undefined;
}

/** A file that cannot be used. */
export interface Unusable {
  readonly empty: boolean;
  readonly reason: string;
}

/** Decodes a file in a pool. The whole picture makes the print; a model may see less of it. */
export async function examineImage(
  pool: DecodePool,
  location: ImageLocation,
  model: ModelInput | undefined,
): Promise<Examined | Unusable> {
  try {
    if ((await bytesAt(location)) === 0) return { empty: true, reason: 'the file is empty' };
    const [{ pixels, facts }, seen] = await Promise.all([
      pool.decode(location, printSize, { ...defaultResizeRule, fit: 'stretch' }),
      model && pool.decode(location, model.inputSize, model.resize),
    ]);
    return {
      sha256: facts.sha256,
      print: perceptualPrint({ ...printSize, data: pixels }),
      size: { width: facts.width, height: facts.height },
      pixels: seen?.pixels,
    };
  } catch (error) {
    return { empty: false, reason: reasonOf(error) };
  }
}

const printSize: Size = { width: printSide, height: printSide };

async function bytesAt(location: ImageLocation): Promise<number> {
  return typeof location === 'string' ? (await stat(location)).size : location.unpackedBytes;
}

/** A picture of a file for a page, its longer side of at most this. */
export async function pictureOf(
  pool: DecodePool,
  location: ImageLocation,
  size: Size,
  longestPx: number,
): Promise<Image> {
  const scale = Math.min(1, longestPx / Math.max(size.width, size.height));
  const scaled = (length: number) => Math.max(1, Math.round(length * scale));
  const target = { width: scaled(size.width), height: scaled(size.height) };
  const { pixels } = await pool.decode(location, target, { ...defaultResizeRule, fit: 'stretch' });
  return { ...target, data: pixels };
}
