import type { Size } from './image.js';
import { isSrgbProfile } from './srgb-profile.js';

const [startOfScan, endOfImage] = [0xda, 0xd9];
/** Huffman coded: baseline, extended, progressive. */
const ordinaryFrames = [0xc0, 0xc1, 0xc2];
const progressiveFrame = 0xc2;
const huffmanTables = 0xc4;
const quantizationTables = 0xdb;
const restartInterval = 0xdd;
const comment = 0xfe;
const profileApplication = 0xe2;
/** JFIF, ICC profiles (which do not change the size), what Photoshop notes, Adobe's colour transform. */
const harmlessApplications = [0xe0, profileApplication, 0xed, 0xee];
const harmless: ReadonlySet<number> = new Set([
  huffmanTables,
  quantizationTables,
  restartInterval,
  comment,
  ...harmlessApplications,
]);

/** What the header of an ordinary JPEG says. */
export interface OrdinaryJpeg {
  /** Upright. */
  readonly size: Size;
  /** 1 for grey, 3 for colours, 4 for inks. */
  readonly components: number;
  /** Whether one scan holds the whole picture, from top to bottom. */
  readonly isSequential: boolean;
  /** What it says of its colours. */
  readonly profile: 'none' | 'srgb' | 'other';
}

/**
 * Reads the header of an ordinary JPEG: asking libvips means to open the file once more, which for a small picture costs a
 * fifth of decoding it. Undefined of all that is not ordinary, as libvips knows best: where there may be an orientation (APP1,
 * which holds EXIF), 12 bits, arithmetic or lossless coding, no size, or something amiss.
 */
export function ordinaryJpeg(bytes: Uint8Array): OrdinaryJpeg | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  let frame: (Omit<OrdinaryJpeg, 'profile' | 'isSequential'> & { isProgressive: boolean }) | undefined;
  let profile: OrdinaryJpeg['profile'] = 'none';
  // Up to the first scan: behind the frame there may still be an orientation.
  for (let at = 2; at + 4 <= bytes.length; ) {
    const [prefix, marker] = [bytes[at]!, bytes[at + 1]!];
    if (prefix !== 0xff || marker === endOfImage) return undefined;
    if (marker === startOfScan) {
      if (frame === undefined) return undefined;
      const { size, components, isProgressive } = frame;
      return { size, components, isSequential: !isProgressive && bytes[at + 4] === components, profile };
    }
    const length = bytes[at + 2]! * 256 + bytes[at + 3]!;
    if (ordinaryFrames.includes(marker)) {
      if (frame !== undefined || length < 8 || at + 10 > bytes.length) return undefined;
      const [bits, height, width, components] = [
        bytes[at + 4]!,
        bytes[at + 5]! * 256 + bytes[at + 6]!,
        bytes[at + 7]! * 256 + bytes[at + 8]!,
        bytes[at + 9]!,
      ];
      if (bits !== 8 || height === 0 || width === 0) return undefined;
      frame = { size: { width, height }, components, isProgressive: marker === progressiveFrame };
    } else if (!harmless.has(marker) || length < 2) return undefined;
    const content = bytes.subarray(at + 4, at + 2 + length);
    if (marker === profileApplication && startsWith(content, profileName))
      profile = profile === 'none' && isWholeSrgb(content) ? 'srgb' : 'other';
    at += 2 + length;
  }
  return undefined;
}

/** Segments of the same marker hold other things as well, such as where further pictures are. */
const profileName = 'ICC_PROFILE\0';

function startsWith(content: Uint8Array, text: string): boolean {
  return Buffer.from(content.subarray(0, text.length)).toString('latin1') === text;
}

/** Whether a segment holds all of a profile, and that is sRGB. Long ones go over several. */
function isWholeSrgb(content: Uint8Array): boolean {
  const head = `${profileName}\x01\x01`;
  return startsWith(content, head) && isSrgbProfile(content.subarray(head.length));
}
