import { channelsLast, conv2d, type Tensor, transpose } from '../../engine/index.js';
import { zeros } from '../initializers.js';
import type { FittingImages, NetworkContext } from '../network.js';
import { symmetricEigen } from '../symmetric-eigen.js';

const kernel = 2;
const patchLength = kernel * kernel * 3;
/** Added to the variances of the components, so that the faintest are not blown up to noise. */
const epsilon = 5e-4;

/**
 * A first layer that is fitted to the images instead of learned (Jordan 2024, after Page 2018): a convolution whose kernels
 * are the principal components of 2×2 patches, each scaled to unit variance, and their negatives. Nothing in
 * it is learned, so that no gradient has to reach it. It takes values scaled as `(x / 64) − 2` does, [height, width] → [height − 1, width − 1], 24 channels.
 */
export const whitening = {
  /** First values of the layer's state. */
  fit(name: string, images: FittingImages): ReadonlyMap<string, Float32Array> {
    return new Map([[`${name}.weights`, components(images)]]);
  },
  apply(context: NetworkContext, name: string, x: Tensor): Tensor {
    const { layout } = context;
    const fitted = context.state(`${name}.weights`, [kernel, kernel, 3, 2 * patchLength], zeros);
    const weights = channelsLast(layout) ? fitted : transpose(fitted, [3, 2, 0, 1]);
    return conv2d(x, weights, { layout });
  },
};

/** Kernels [2, 2, 3, 24]. */
function components({ pixels, width, height, count }: FittingImages): Float32Array {
  const covariance = patchCovariance({ pixels, width, height, count });
  const { values, vectors } = symmetricEigen(covariance);
  const weights = new Float32Array(patchLength * 2 * patchLength);
  for (let component = 0; component < patchLength; component++) {
    const scale = 1 / Math.sqrt(Math.max(values[component]!, 0) + epsilon);
    for (let i = 0; i < patchLength; i++) {
      const value = vectors[i]![component]! * scale;
      weights[i * 2 * patchLength + component] = value;
      weights[i * 2 * patchLength + patchLength + component] = -value;
    }
  }
  return weights;
}

/** Second moments of all 2×2 patches about zero, values scaled as the network does. */
function patchCovariance({ pixels, width, height, count }: FittingImages): number[][] {
  const sums = Array.from({ length: patchLength }, () => new Float64Array(patchLength));
  const patch = new Float64Array(patchLength);
  const perImage = width * height * 3;
  for (let n = 0; n < count; n++) {
    for (let y = 0; y + kernel <= height; y++) {
      for (let x = 0; x + kernel <= width; x++) {
        for (let i = 0; i < patchLength; i++) {
          const [ky, rest] = [Math.floor(i / (kernel * 3)), i % (kernel * 3)];
          patch[i] = pixels[n * perImage + ((y + ky) * width + x) * 3 + rest]! / 64 - 2;
        }
        for (let i = 0; i < patchLength; i++) {
          for (let j = 0; j <= i; j++) sums[i]![j]! += patch[i]! * patch[j]!;
        }
      }
    }
  }
  const patches = count * (height - kernel + 1) * (width - kernel + 1);
  return sums.map((row, i) => Array.from(row, (_, j) => sums[Math.max(i, j)]![Math.min(i, j)]! / patches));
}
