import type { Image, Size } from './image.js';
import { type Placement, placePicture } from './placement.js';
import { makeTaps, type Taps } from './resample.js';
import { resampleImage } from './resample-image.js';
import { defaultResizeRule, type ResizeRule } from './resize-rule.js';

/** Brings an image to a size by a rule. Where it lands is what `placePicture` says, its levels are Pillow's to the bit. */
export function resizeImage(image: Image, size: Size, rule: ResizeRule = defaultResizeRule): Image {
  return { ...size, data: resizePixels(image.data, 1, image, size, rule) };
}

/**
 * Resizes `count` images that lie one behind the other. See `resizeImage` for what comes out.
 * @param pixels uint8 [count, from.height, from.width, 3]
 * @returns uint8 [count, to.height, to.width, 3]; `pixels` itself where that is what the rule gives
 */
export function resizePixels(
  pixels: Uint8Array,
  count: number,
  from: Size,
  to: Size,
  rule: ResizeRule = defaultResizeRule,
): Uint8Array {
  return resizeReduced(pixels, count, from, from, to, rule);
}

/**
 * The same for pictures whose size was `original` before they were reduced, the whole of it, to `from`: they come to lie
 * where the originals would.
 */
export function resizeReduced(
  pixels: Uint8Array,
  count: number,
  from: Size,
  original: Size,
  to: Size,
  rule: ResizeRule,
): Uint8Array {
  const { placement, x, y } = planOf(from, original, to, rule);
  const { crop, left, top } = placement;
  if (sameSize(placement.scaled, from) && sameSize(crop, from) && sameSize(to, from)) return pixels;
  const sourceLength = from.width * from.height * 3;
  const targetLength = to.width * to.height * 3;
  const target = new Uint8Array(count * targetLength);
  if (!sameSize(crop, to)) target.fill(255);
  const levels = new Uint8ClampedArray(target.buffer);
  const stride = to.width * 3;
  for (let i = 0; i < count; i++) {
    const offset = i * targetLength + top * stride + left * 3;
    resampleImage(pixels, i * sourceLength, from, x, y, { levels, offset, stride });
  }
  return target;
}

interface Plan {
  readonly placement: Placement;
  readonly x: Taps;
  readonly y: Taps;
}

const plans = new Map<string, Plan>();

function planOf(from: Size, original: Size, to: Size, rule: ResizeRule): Plan {
  const key = [
    ...[from, original, to].flatMap(({ width, height }) => [width, height]),
    rule.fit,
    rule.filter,
    rule.shorterSide,
  ].join();
  let plan = plans.get(key);
  if (plan === undefined) {
    const placement = placePicture(original, to, rule);
    const { scaled, crop } = placement;
    plan = {
      placement,
      x: makeTaps(from.width, scaled.width, crop.left, crop.width, rule.filter),
      y: makeTaps(from.height, scaled.height, crop.top, crop.height, rule.filter),
    };
    // Folders of photographs come in many sizes; the sizes of a data set in memory are few.
    if (plans.size >= 64) plans.clear();
    plans.set(key, plan);
  }
  return plan;
}

function sameSize(one: Size, other: Size): boolean {
  return one.width === other.width && one.height === other.height;
}
