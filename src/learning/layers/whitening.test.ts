import { describe, expect, it } from 'vitest';
import { buildLayer } from '../../../test/fixtures/build-layer.js';
import { interpret } from '../../../test/oracle/interpreter.js';
import { naiveArray } from '../../../test/oracle/naive-array.js';
import { parameterValues } from '../../../test/oracle/parameter-values.js';
import { Random } from '../../core/random.js';
import { input } from '../../engine/index.js';
import { whitening } from './whitening.js';

const [count, height, width] = [6, 12, 12];

/** Noise with more of it in some directions of colour and space than in others. */
function correlatedPixels(): Uint8Array {
  const random = Random.of(3, 'pixels');
  const pixels = new Uint8Array(count * height * width * 3);
  let last = 0;
  for (let i = 0; i < pixels.length; i += 3) {
    last = 0.7 * last + random.normal();
    const tint = random.normal();
    for (let c = 0; c < 3; c++) {
      pixels[i + c] = Math.max(0, Math.min(255, 128 + 30 * last + 10 * tint * c + 4 * random.normal()));
    }
  }
  return pixels;
}

describe('whitening', () => {
  it('turns patches into components of about unit second moment that do not go together', () => {
    const pixels = correlatedPixels();
    const fitted = whitening.fit('w', { pixels, count, width, height });
    const built = buildLayer({ layout: 'NHWC' }, (context) =>
      whitening.apply(context, 'w', input('x', 'float32', [count, height, width, 3])),
    );
    const [y] = interpret([built.y], {
      x: naiveArray(
        [count, height, width, 3],
        Array.from(pixels, (value) => value / 64 - 2),
      ),
      ...parameterValues(
        built.states,
        built.states.initialize((name) => Random.of(0, name), fitted),
      ),
    });
    expect(y.shape).toEqual([count, height - 1, width - 1, 24]);
    const patches = y.values.length / 24;
    const moment = (a: number, b: number) => {
      let sum = 0;
      for (let i = 0; i < patches; i++) sum += y.values[i * 24 + a] * y.values[i * 24 + b];
      return sum / patches;
    };
    for (let a = 0; a < 12; a++) {
      expect(moment(a, a)).toBeGreaterThan(0.8);
      expect(moment(a, a)).toBeLessThan(1.01);
      for (let b = 0; b < a; b++) expect(Math.abs(moment(a, b))).toBeLessThan(0.01);
      expect(moment(a, a + 12)).toBeCloseTo(-moment(a, a), 5);
    }
  });

  it('has finite weights for images of one colour', () => {
    const pixels = new Uint8Array(2 * 16 * 3).fill(128);
    const weights = whitening.fit('w', { pixels, count: 2, width: 4, height: 4 }).get('w.weights')!;
    expect(weights.every(Number.isFinite)).toBe(true);
  });
});
