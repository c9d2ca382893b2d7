import { describe, expect, it } from 'vitest';
import { keepsLabelledImagesContract } from '../../test/contracts/labelled-images.js';
import { resizePixels } from '../image/resize.js';
import { InMemoryImages } from './in-memory-images.js';
import { preload } from './preload.js';

const size = { width: 12, height: 10 };
const length = size.width * size.height * 3;

function made(count = 5): InMemoryImages {
  return new InMemoryImages({
    name: 'made',
    classNames: ['even', 'odd'],
    labels: Int32Array.from({ length: count }, (_, index) => index % 2),
    fingerprint: '0'.repeat(64),
    nativeSize: size,
    data: Uint8Array.from({ length: count * length }, (_, at) => (at * 31 + (at >> 5)) % 256),
    id: (index) => `made/${index}`,
  });
}

describe('images in memory', () => {
  keepsLabelledImagesContract(async () => made());
  describe('preloaded', () => keepsLabelledImagesContract(() => preload(made(), { width: 7, height: 7 })));

  it.each([
    { width: 6, height: 5 },
    { width: 24, height: 20 },
  ])(
    'resizes each image to $width × $height as the resize rule says, whatever was asked before',
    async (to) => {
      const images = made();
      const native = await images.pixels([3], size);
      await images.pixels([0, 3], { width: 4, height: 4 });
      await images.pixels([0, 4], to);
      expect(await images.pixels([3], to)).toEqual(resizePixels(native, 1, size, to));
      expect(await images.pixels([3], to)).toEqual(resizePixels(native, 1, size, to));
    },
  );
});

describe('preload', () => {
  it('keeps what the images are, and their pixels at its size', async () => {
    const images = made(150);
    const to = { width: 6, height: 6 };
    const loaded = await preload(images, to);
    expect(loaded).toMatchObject({
      name: images.name,
      labels: images.labels,
      fingerprint: images.fingerprint,
      nativeSize: to,
    });
    expect(loaded.id(149)).toBe('made/149');
    expect(await loaded.pixels([0, 149, 70], to)).toEqual(await images.pixels([0, 149, 70], to));
  });

  it('stops when it is told to', async () => {
    await expect(preload(made(), size, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  });
});
