import type { Size } from './image.js';
import type { ResizeRule } from './resize-rule.js';

/** Where a picture comes to lie when a rule brings it to a target: it is scaled to `scaled`, then cut or framed. */
export interface Placement {
  /** Whole pixels, before anything is cropped. */
  readonly scaled: Size;
  /** What of the scaled picture is shown. */
  readonly crop: Rectangle;
  /** Where that lies in the target; the rest is white. */
  readonly left: number;
  readonly top: number;
}

export interface Rectangle extends Size {
  readonly left: number;
  readonly top: number;
}

/**
 * What a resize rule comes to for two sizes.
 * - `stretch`: scaled = target.
 * - `contain`: scaled by min(tw/w, th/h), sides rounded, in the middle.
 * - `cover`: scaled by max(tw/w, th/h), sides rounded, centre cropped from ⌊(scaled − target + 1) / 2⌋ on.
 * - `cover` with `shorterSide` n: as torchvision's `Resize(n)`, then `CenterCrop`: the shorter side is n, the longer
 *   ⌊n · longer / shorter⌋; cropped from (scaled − target) / 2 on, halves rounded to even. Hugging Face's image
 *   processors scale alike and round the crop down, which differs where the margin is 3, 7, 11 … pixels.
 *   torchvision would frame a picture that the target outsizes in black; here it is scaled until it covers the target.
 */
export function placePicture(from: Size, to: Size, rule: ResizeRule): Placement {
  if (rule.fit === 'stretch') return { scaled: to, crop: { left: 0, top: 0, ...to }, left: 0, top: 0 };
  const ratios = [to.width / from.width, to.height / from.height] as const;
  if (rule.fit === 'contain') {
    const scale = Math.min(...ratios);
    const scaled = {
      width: Math.min(to.width, Math.max(1, Math.round(from.width * scale))),
      height: Math.min(to.height, Math.max(1, Math.round(from.height * scale))),
    };
    const crop = { left: 0, top: 0, ...scaled };
    const left = Math.floor((to.width - scaled.width) / 2);
    return { scaled, crop, left, top: Math.floor((to.height - scaled.height) / 2) };
  }
  const shorter = rule.shorterSide === undefined ? undefined : byShorterSide(from, rule.shorterSide);
  if (shorter !== undefined && shorter.width >= to.width && shorter.height >= to.height) {
    const left = halfToEven(shorter.width - to.width);
    const top = halfToEven(shorter.height - to.height);
    return { scaled: shorter, crop: { left, top, ...to }, left: 0, top: 0 };
  }
  const scale = Math.max(...ratios);
  const scaled = {
    width: Math.max(to.width, Math.round(from.width * scale)),
    height: Math.max(to.height, Math.round(from.height * scale)),
  };
  const left = Math.floor((scaled.width - to.width + 1) / 2);
  const top = Math.floor((scaled.height - to.height + 1) / 2);
  return { scaled, crop: { left, top, ...to }, left: 0, top: 0 };
}

function byShorterSide({ width, height }: Size, side: number): Size {
  return width <= height
    ? { width: side, height: Math.trunc((side * height) / width) }
    : { width: Math.trunc((side * width) / height), height: side };
}

/** Half of a whole number, as Python rounds it. */
function halfToEven(whole: number): number {
  const floor = Math.floor(whole / 2);
  return whole % 2 === 0 || floor % 2 === 0 ? floor : floor + 1;
}
