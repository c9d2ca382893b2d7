import { add, constant, gather, l2Normalize, type Tensor } from '../../engine/index.js';
import { reflect } from '../../image/affine-sample.js';
import type { Network } from '../network.js';

export interface TestTimeShiftOptions {
  /** How far the image is moved along both axes. */
  readonly pixels: number;
}

/**
 * A network whose embedding of an image is the mean of those of the image where it is, moved down and to the right, and
 * moved up and to the left, made a unit vector again; what lies beyond the edges is mirrored. After the test-time
 * translation of Jordan's airbench (2024), which weighs the unmoved image by a half. Training is as it was; embedding takes three times the time.
 */
export function testTimeShift(network: Network, { pixels }: TestTimeShiftOptions): Network {
  return {
    ...network,
    options: { ...network.options, testTimeShift: pixels },
    ...(network.atSize && { atSize: (size) => testTimeShift(network.atSize!(size), { pixels }) }),
    build(images, context) {
      const embeddings = network.build(images, context);
      if (context.training) return embeddings;
      const views = [pixels, -pixels].map((by) => network.build(shifted(images, by), context));
      return l2Normalize(views.reduce(add, embeddings));
    },
  };
}

function shifted(images: Tensor, by: number): Tensor {
  const along = (x: Tensor, axis: 1 | 2) => {
    const length = images.shape[axis] as number;
    const from = Array.from({ length }, (_, i) => reflect(i - by, length));
    return gather(x, constant(from, [length], 'int64'), axis);
  };
  return along(along(images, 1), 2);
}
