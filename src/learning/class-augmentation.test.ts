import { describe, expect, it } from 'vitest';
import { augmentClasses } from './class-augmentation.js';

const size = { width: 2, height: 1 };
const image = [10, 20, 30, 40, 50, 60];
/** Two images of each of 200 classes, all alike. */
const labels = Int32Array.from({ length: 400 }, (_, i) => i % 200);
const batch = { labels, indices: labels };

function augmented(options: { mirror?: number; recolour?: number }, step = 0): number[][] {
  const pixels = Uint8Array.from({ length: 400 * 6 }, (_, i) => image[i % 6]!);
  augmentClasses(pixels, size, batch, options, { seed: 1, step });
  return Array.from({ length: 400 }, (_, i) => [...pixels.subarray(i * 6, i * 6 + 6)]);
}

describe('augmentClasses', () => {
  it('changes all images of a class alike', () => {
    const images = augmented({ mirror: 0.5, recolour: 0.3 });
    for (let c = 0; c < 200; c++) expect(images[c]).toEqual(images[c + 200]);
  });

  it('mirrors as many classes as it should', () => {
    const mirrored = augmented({ mirror: 0.5 }).filter(([first]) => first === 40).length / 2;
    expect(mirrored).toBeGreaterThan(70);
    expect(mirrored).toBeLessThan(130);
  });

  it('recolours into every order of the channels', () => {
    const orders = new Set(augmented({ recolour: 1 }).map((pixels) => pixels.slice(0, 3).join()));
    expect(orders.size).toBe(6);
  });

  it('draws anew at every step, the same at the same step', () => {
    expect(augmented({ mirror: 0.5 }, 3)).toEqual(augmented({ mirror: 0.5 }, 3));
    expect(augmented({ mirror: 0.5 }, 3)).not.toEqual(augmented({ mirror: 0.5 }, 4));
  });

  it('without options changes nothing', () => {
    expect(augmented({})).toEqual(Array.from({ length: 400 }, () => image));
  });
});
