import { ImagekinError } from '../core/errors.js';
import type { DecodePool } from '../image/decode-pool.js';
import type { ImageLocation } from '../image/image-location.js';
import { isPassing, reasonOf } from '../image/undecodable.js';

/** What is known of a file after reading it whole once. */
export type Inspection = SoundImage | UnsoundImage;

export interface SoundImage {
  readonly width: number;
  readonly height: number;
  /** Hex, over the file. */
  readonly sha256: string;
}

export interface UnsoundImage {
  /** Why it does not decode. */
  readonly reason: string;
  /** It may another time: not to be remembered. */
  readonly passing?: true;
}

export function isSound(inspection: Inspection): inspection is SoundImage {
  return 'sha256' in inspection;
}

/** Of what was found, what holds for as long as the files stay what they are. */
export function lasting<Found extends Inspection>(files: ReadonlyMap<string, Found>): Record<string, Found> {
  return Object.fromEntries([...files].filter(([, found]) => !('passing' in found)));
}

/** Small, as nobody looks at the pixels, which costs less than all of them; the whole file is read all the same. */
const checkedSize = { width: 8, height: 8 };

/** Decodes a file whole, at a size that costs little. */
export async function inspectFile(pool: DecodePool, location: ImageLocation): Promise<Inspection> {
  try {
    const { facts } = await pool.decode(location, checkedSize, { fit: 'contain', filter: 'bilinear' });
    const { width, height, sha256 } = facts;
    return { width, height, sha256 };
  } catch (error) {
    if (!(error instanceof ImagekinError)) throw error;
    return { reason: reasonOf(error), ...(isPassing(error) && { passing: true as const }) };
  }
}
