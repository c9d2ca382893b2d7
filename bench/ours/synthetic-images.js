// @ts-check
import { Random } from '../../dist/core/random.js';

/**
 * Images of noise, held in memory.
 * @param {number} count
 * @param {{ width: number, height: number }} size
 * @param {number} classes
 * @returns {import('../../dist/data/labelled-images.js').LabelledImages}
 */
export function syntheticImages(count, size, classes) {
  const length = size.width * size.height * 3;
  const random = Random.of(0, 'noise');
  const all = new Uint8Array(new Uint32Array((count * length) / 4).map(() => random.uint32()).buffer);
  return {
    name: 'noise',
    length: count,
    classNames: Array.from({ length: classes }, (_, c) => `${c}`),
    labels: Int32Array.from({ length: count }, (_, i) => i % classes),
    fingerprint: `noise ${count}`,
    nativeSize: size,
    skipped: [],
    id: (index) => `noise/${index}`,
    async pixels(indices) {
      const pixels = new Uint8Array(indices.length * length);
      for (let i = 0; i < indices.length; i++) {
        pixels.set(all.subarray(indices[i] * length, (indices[i] + 1) * length), i * length);
      }
      return pixels;
    },
  };
}
