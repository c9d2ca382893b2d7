import { describe, expect, it } from 'vitest';
import { Random } from '../core/random.js';
import { type Augmentation, augmentBatch, augmentInto } from './augment.js';

const size = { width: 8, height: 6 };
const stride = size.width * 3;
const length = stride * size.height;
const image = Uint8Array.from({ length }, (_, at) => (at * 29 + 7) % 256);

const everything: Augmentation = {
  horizontalFlip: 0.5,
  shiftPixels: 1,
  affine: { rotationDegrees: 20, scale: [0.8, 1.25], translate: 0.1, shearDegrees: 10 },
  grey: 0.2,
  colour: { brightness: 0.2, contrast: 0.3, tint: 0.2 },
  cutout: { side: 0.3, probability: 0.5 },
};

function augmented(options: Augmentation, seed = 0, source = image): Uint8Array {
  const target = new Uint8Array(length);
  augmentInto(source, 0, target, 0, size, options, Random.of(seed));
  return target;
}

/** Every result of `count` seeds. */
const many = (options: Augmentation, count = 200, source = image) =>
  Array.from({ length: count }, (_, seed) => augmented(options, seed, source));

const pixel = (pixels: Uint8Array, x: number, y: number) => [
  ...pixels.subarray(y * stride + x * 3, y * stride + x * 3 + 3),
];

/** The image moved by whole pixels, read through `edge` where it comes from beyond the edges. */
function moved(dx: number, dy: number, edge: (x: number, y: number) => number[]): number[] {
  const pixels: number[] = [];
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++) {
      const [fromX, fromY] = [x - dx, y - dy];
      const inside = fromX >= 0 && fromY >= 0 && fromX < size.width && fromY < size.height;
      pixels.push(...(inside ? pixel(image, fromX, fromY) : edge(fromX, fromY)));
    }
  return pixels;
}

describe('augmentation', () => {
  it('depends on its arguments alone', () => {
    for (const background of [undefined, 'reflect', [10, 20, 30]] as const) {
      const options = { ...everything, background };
      expect(augmented(options, 5)).toEqual(augmented(options, 5));
      expect(augmented(options, 5)).not.toEqual(augmented(options, 6));
    }
  });

  it('gives these very pixels for this seed, on every machine', () => {
    expect([...augmented(everything, 3).subarray(60, 72)]).toEqual([
      130, 149, 142, 157, 173, 41, 91, 115, 88, 97, 120, 128,
    ]);
  });

  it('without options is a copy', () => {
    expect(augmented({})).toEqual(image);
    expect(augmented({ background: 'reflect' })).toEqual(image);
  });

  it('writes the image it is asked for, and nothing around it', () => {
    const source = Uint8Array.from({ length: 3 * length }, (_, at) =>
      at >= length && at < 2 * length ? image[at - length]! : 99,
    );
    const target = new Uint8Array(3 * length).fill(17);
    augmentInto(source, length, target, 2 * length, size, everything, Random.of(4));
    expect(target.subarray(2 * length)).toEqual(augmented(everything, 4));
    expect(target.subarray(0, 2 * length).every((value) => value === 17)).toBe(true);
  });

  it('of a batch gives each image the stream of its position', () => {
    const batch = Buffer.concat([image, image, image]);
    const result = augmentBatch(batch, size, everything, (position) => Random.of(position + 10));
    for (let i = 0; i < 3; i++)
      expect(result.subarray(i * length, (i + 1) * length)).toEqual(augmented(everything, i + 10));
  });
});

describe('a horizontal flip', () => {
  it('mirrors every row, exactly', () => {
    const flipped = augmented({ horizontalFlip: 1 });
    for (let y = 0; y < size.height; y++)
      for (let x = 0; x < size.width; x++)
        expect(pixel(flipped, x, y)).toEqual(pixel(image, size.width - 1 - x, y));
  });

  it('happens as often as it should', () => {
    const flips = many({ horizontalFlip: 0.3 }, 2000).filter(
      (result) => Buffer.compare(result, image) !== 0,
    ).length;
    expect(flips / 2000).toBeGreaterThan(0.26);
    expect(flips / 2000).toBeLessThan(0.34);
  });
});

describe('a shift by whole pixels', () => {
  it('takes every step in its range, and fills with the background', () => {
    const expected = new Set<string>();
    for (const dx of [-1, 0, 1])
      for (const dy of [-1, 0, 1]) expected.add(moved(dx, dy, () => [1, 2, 3]).join());
    const results = new Set(many({ shiftPixels: 1, background: [1, 2, 3] }).map((result) => result.join()));
    expect(results).toEqual(expected);
  });

  it('mirrors the image at its edge pixels where it is told to', () => {
    const fold = (at: number, last: number) => (at < 0 ? -at : at > last ? 2 * last - at : at);
    const mirrored = (x: number, y: number) =>
      pixel(image, fold(x, size.width - 1), fold(y, size.height - 1));
    const expected = new Set<string>();
    for (const dx of [-2, -1, 0, 1, 2])
      for (const dy of [-2, -1, 0, 1, 2]) expected.add(moved(dx, dy, mirrored).join());
    const results = new Set(
      many({ shiftPixels: 2, background: 'reflect' }, 400).map((result) => result.join()),
    );
    expect(results).toEqual(expected);
  });
});

describe('without an affine change', () => {
  it.each<Augmentation>([
    { horizontalFlip: 0.5, shiftPixels: 2, background: 'reflect' },
    { horizontalFlip: 0.5, shiftPixels: 3, background: [1, 2, 3] },
    { horizontalFlip: 'alternating', shiftPixels: 20 },
    { horizontalFlip: 0.5, shiftPixels: 20, background: 'reflect' },
    { shiftPixels: 1, grey: 0.5, colour: { contrast: 0.4, tint: 0.2, saturation: 0.5, hueDegrees: 40 } },
    { colour: { brightness: 0.6 }, cutout: { side: 0.5 } },
  ])('the copy is what sampling gives, to the bit: %j', (options) => {
    // An affine change that changes nothing is sampled all the same.
    for (let seed = 0; seed < 200; seed++)
      expect(augmented(options, seed)).toEqual(augmented({ ...options, affine: {} }, seed));
  });
});

describe('an alternating flip', () => {
  const alternating: Augmentation = { horizontalFlip: 'alternating', shiftPixels: 1, background: 'reflect' };

  it('is at the side it is told, whatever it draws, and draws the rest as ever', () => {
    const pixels = Buffer.concat([image, image]);
    for (let seed = 0; seed < 50; seed++) {
      const batch = augmentBatch(
        pixels,
        size,
        alternating,
        () => Random.of(seed),
        size,
        (i) => i === 1,
      );
      expect(batch.subarray(0, length)).toEqual(augmented({ ...alternating, horizontalFlip: 0 }, seed));
      expect(batch.subarray(length)).toEqual(augmented({ ...alternating, horizontalFlip: 1 }, seed));
    }
  });

  it('is one of a half where nobody says at which side it is', () => {
    for (let seed = 0; seed < 50; seed++)
      expect(augmented(alternating, seed)).toEqual(augmented({ ...alternating, horizontalFlip: 0.5 }, seed));
  });
});

describe('an affine change', () => {
  it('of an image of one colour on that colour changes nothing', () => {
    const { affine } = everything;
    const flat = new Uint8Array(length).fill(90);
    for (const background of ['reflect', [90, 90, 90]] as const)
      for (const result of many({ affine, background }, 50, flat)) expect(result).toEqual(flat);
  });

  it('magnifies about the centre: twice as large, the inner half fills the image', () => {
    const doubled = augmented({ affine: { scale: [2, 2] } });
    // Target (4, 3) lies at source 3.5 + 0.25, 2.5 + 0.25.
    const expected = [0, 1, 2].map((channel) => {
      const at = (x: number, y: number) => image[y * stride + x * 3 + channel]!;
      return Math.round((at(3, 2) * 1 + at(4, 2) * 3 + (at(3, 3) * 1 + at(4, 3) * 3) * 3) / 16);
    });
    const got = pixel(doubled, 4, 3);
    got.forEach((value, channel) => {
      expect(Math.abs(value - expected[channel]!)).toBeLessThanOrEqual(1);
    });
  });

  it('shrinks onto the background, white unless told otherwise', () => {
    const black = new Uint8Array(length);
    const half = augmented({ affine: { scale: [0.5, 0.5] } }, 0, black);
    expect(pixel(half, 0, 0)).toEqual([255, 255, 255]);
    expect(pixel(half, 7, 5)).toEqual([255, 255, 255]);
    expect(pixel(half, 4, 3)).toEqual([0, 0, 0]);
    const on = augmented({ affine: { scale: [0.5, 0.5] }, background: [9, 8, 7] }, 0, black);
    expect(pixel(on, 0, 0)).toEqual([9, 8, 7]);
  });

  it('turns about the centre: a quarter turn of a square moves its corners round', () => {
    const square = { width: 5, height: 5 };
    const source = Uint8Array.from({ length: 75 }, (_, at) => (at * 3) % 256);
    const seen = new Set<string>();
    for (let seed = 0; seed < 4000; seed++) {
      const random = Random.of(seed);
      random.uniform();
      const degrees = random.between(-90, 90);
      if (Math.abs(degrees) < 89.9) continue;
      const target = new Uint8Array(75);
      augmentInto(source, 0, target, 0, square, { affine: { rotationDegrees: 90 } }, Random.of(seed));
      // Clockwise on the screen for a positive angle.
      const corner = degrees > 0 ? 20 : 4;
      const expected = source.subarray(corner * 3, corner * 3 + 3);
      for (let channel = 0; channel < 3; channel++)
        expect(Math.abs(target[channel]! - expected[channel]!)).toBeLessThanOrEqual(2);
      seen.add(degrees > 0 ? 'clockwise' : 'back');
    }
    expect(seen.size).toBe(2);
  });

  it('folds even what lies many images away', () => {
    for (const result of many(
      { affine: { scale: [0.05, 0.05], rotationDegrees: 180 }, background: 'reflect' },
      50,
    ))
      expect(result.every((value) => value >= 0)).toBe(true);
    const line = { width: 1, height: 1 };
    const target = new Uint8Array(3);
    augmentInto(
      Uint8Array.of(1, 2, 3),
      0,
      target,
      0,
      line,
      { shiftPixels: 3, background: 'reflect' },
      Random.of(1),
    );
    expect([...target]).toEqual([1, 2, 3]);
  });
});

describe('a change of colour', () => {
  it('to grey leaves the luma in all channels', () => {
    const grey = augmented({ grey: 1 });
    for (let at = 0; at < length; at += 3) {
      const luma = 0.299 * image[at]! + 0.587 * image[at + 1]! + 0.114 * image[at + 2]!;
      expect(Math.abs(grey[at]! - luma)).toBeLessThanOrEqual(0.51);
      expect([grey[at + 1], grey[at + 2]]).toEqual([grey[at], grey[at]]);
    }
  });

  it('adds one brightness to all channels, and clamps', () => {
    for (const result of many({ colour: { brightness: 0.5 } }, 20)) {
      const added = result
        .map((value, at) => value - image[at]! + 128)
        .filter((_, at) => result[at]! > 0 && result[at]! < 255);
      expect(new Set(added).size).toBeLessThanOrEqual(2);
    }
    const levels = many({ colour: { brightness: 0.5 } }, 300).flatMap((result) => [...result]);
    expect([levels.includes(0), levels.includes(255)]).toEqual([true, true]);
  });

  it('spreads contrast about mid-grey, the same in all channels', () => {
    const grey = Uint8Array.from({ length }, (_, at) => [28, 128, 228][Math.floor(at / 3) % 3]!);
    const lows = many({ colour: { contrast: 0.5 } }, 300, grey).map((result) => {
      expect(pixel(result, 1, 0)).toEqual([128, 128, 128]);
      expect(new Set(pixel(result, 0, 0)).size).toBe(1);
      return (128 - result[0]!) / 100;
    });
    expect(Math.min(...lows)).toBeLessThan(0.55);
    expect(Math.max(...lows)).toBeGreaterThan(1.27);
  });

  it('tints channels apart', () => {
    const apart = many({ colour: { tint: 0.3 } }, 50, new Uint8Array(length).fill(200)).filter(
      (result) => new Set(pixel(result, 0, 0)).size === 3,
    );
    expect(apart.length).toBeGreaterThan(40);
  });
});

describe('a cutout', () => {
  it('is one grey square of the given side, cut off by the edges of the image', () => {
    const black = new Uint8Array(length);
    const areas = many({ cutout: { side: 0.5 } }, 300, black).map((result) => {
      const grey: [number, number][] = [];
      for (let y = 0; y < size.height; y++)
        for (let x = 0; x < size.width; x++)
          if (pixel(result, x, y).join() === '128,128,128') grey.push([x, y]);
      const span = (axis: 0 | 1) => {
        const places = grey.map((place) => place[axis]);
        return Math.max(...places) - Math.min(...places) + 1;
      };
      expect(span(0) * span(1)).toBe(grey.length);
      expect(Math.max(span(0), span(1))).toBeLessThanOrEqual(3);
      expect(result.filter((value) => value === 128)).toHaveLength(grey.length * 3);
      return grey.length;
    });
    expect(Math.max(...areas)).toBe(9);
    expect(Math.min(...areas)).toBeLessThan(9);
  });

  it('happens as often as it should', () => {
    const cut = many({ cutout: { side: 0.5, probability: 0.25 } }, 1000).filter(
      (result) => Buffer.compare(result, image) !== 0,
    ).length;
    expect(cut).toBeGreaterThan(200);
    expect(cut).toBeLessThan(300);
  });
});
