import type { Random } from '../core/random.js';
import type { Sampling } from './affine-sample.js';
import type { Size } from './image.js';
import type { Shift } from './shifted-copy.js';

/** About the centre of the image. */
export interface AffineChange {
  /** Angle in [−r, r]. */
  readonly rotationDegrees?: number;
  /** Magnification in [low, high], uniform in its logarithm. */
  readonly scale?: readonly [low: number, high: number];
  /** Shift along each axis in [−t, t], as a fraction of its length. */
  readonly translate?: number;
  /** Horizontal shear angle in [−s, s]. */
  readonly shearDegrees?: number;
  /** Width times a, height divided by a, with a in [1/(1 + r), 1 + r], uniform in its logarithm. */
  readonly aspect?: number;
}

interface Movement {
  readonly horizontalFlip?: number | 'alternating';
  readonly shiftPixels?: number;
  readonly affine?: AffineChange;
}

/** Forwards: flip, stretch, magnify, shear, rotate, shift, all but the last about the centre. */
export interface Motion extends Shift {
  /** Radians. */
  readonly angle: number;
  readonly magnification: number;
  /** Tangent of the shear's angle. */
  readonly shear: number;
  readonly stretch: number;
}

/**
 * Draws the motion of an image.
 * @param side that an alternating flip is at, where that is known
 */
export function drawMotion(size: Size, options: Movement, random: Random, side: boolean | undefined): Motion {
  const {
    rotationDegrees = 0,
    scale = [1, 1],
    translate = 0,
    shearDegrees = 0,
    aspect,
  } = options.affine ?? {};
  const { horizontalFlip = 0, shiftPixels = 0 } = options;
  const draw = random.uniform();
  const mirrored = horizontalFlip === 'alternating' ? (side ?? draw < 0.5) : draw < horizontalFlip;
  const angle = radians(random.between(-rotationDegrees, rotationDegrees));
  const magnification = Math.exp(random.between(Math.log(scale[0]), Math.log(scale[1])));
  const shear = Math.tan(radians(random.between(-shearDegrees, shearDegrees)));
  const stretchLimit = Math.log(1 + (aspect ?? 0));
  const stretch = aspect === undefined ? 1 : Math.exp(random.between(-stretchLimit, stretchLimit));
  const shiftAlong = (length: number) =>
    random.between(-translate, translate) * length + random.integer(2 * shiftPixels + 1) - shiftPixels;
  const shiftX = shiftAlong(size.width);
  const shiftY = shiftAlong(size.height);
  return { mirrored, angle, magnification, shear, stretch, shiftX, shiftY };
}

/** The inverse of a motion: where each target pixel comes from. */
export function samplingOf(
  { mirrored, angle, magnification, shear, stretch, shiftX, shiftY }: Motion,
  size: Size,
): Sampling {
  const flip = mirrored ? -1 : 1;
  const cos = Math.cos(angle) / magnification;
  const sin = Math.sin(angle) / magnification;
  const xx = (flip / stretch) * (cos + shear * sin);
  const xy = (flip / stretch) * (sin - shear * cos);
  const yx = -sin * stretch;
  const yy = cos * stretch;
  const centreX = (size.width - 1) / 2;
  const centreY = (size.height - 1) / 2;
  const x0 = centreX - xx * (centreX + shiftX) - xy * (centreY + shiftY);
  const y0 = centreY - yx * (centreX + shiftX) - yy * (centreY + shiftY);
  return { xx, xy, x0, yx, yy, y0 };
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
