import { add, l2Normalize, reverse } from '../../engine/index.js';
import type { Network } from '../network.js';

/**
 * A network whose embedding of an image is the mean of those of the image and its mirror image, made a unit vector
 * again. Training is as it was; embedding takes twice the time.
 */
export function testTimeFlip(network: Network): Network {
  return {
    ...network,
    options: { ...network.options, testTimeFlip: true },
    ...(network.atSize && { atSize: (size) => testTimeFlip(network.atSize!(size)) }),
    build(images, context) {
      const embeddings = network.build(images, context);
      if (context.training) return embeddings;
      return l2Normalize(add(embeddings, network.build(reverse(images, 2), context)));
    },
  };
}
