import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { gradients, input, ParameterSet, parameter } from '../../src/engine/index.js';
import type { Loss } from '../../src/learning/losses/loss.js';
import { evaluate } from '../oracle/evaluate.js';
import { naiveArray } from '../oracle/naive-array.js';
import { parameterValues } from '../oracle/parameter-values.js';

/** Vectors of a batch and the class of each. */
export interface LabelledVectors {
  readonly vectors: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

/** A loss by its equation, in float64. */
export type NaiveLoss = (batch: LabelledVectors) => number;

/** The stream that a parameter of a loss draws its first values from here. */
export const lossStream = (name: string) => Random.of(11, name);

/** Value and gradient of a loss, as the engine computes them. */
export async function lossAndGradient(
  loss: Loss,
  { vectors, labels }: LabelledVectors,
): Promise<{ value: number; gradient: number[] }> {
  const shape = [vectors.length, vectors[0].length];
  const embeddings = parameter('embeddings', shape);
  const learned = new ParameterSet();
  const scalar = loss.build({
    embeddings,
    labels: input('labels', 'int64', [vectors.length]),
    classCount: Math.max(...labels) + 1,
    parameter: (name, shape, initializer) => learned.get(name, shape, initializer),
    report: () => {},
    state: () => {
      throw new Error('this loss keeps no state');
    },
    update: () => {},
  });
  const flat = learned.initialize(lossStream);
  expect(scalar.shape).toEqual([]);
  const [value, gradient] = await evaluate([scalar, ...gradients(scalar, [embeddings])], {
    embeddings: naiveArray(shape, vectors.flat()),
    labels: naiveArray([vectors.length], labels),
    ...parameterValues(learned, flat),
  });
  return { value: value[0], gradient };
}

/** Unit vectors in random directions, as float32 numbers: `imagesPerClass` of each class, image by image. */
export function randomBatch(classes: number, imagesPerClass: number, dimension = 5): LabelledVectors {
  const random = Random.of(3, 'loss', classes, imagesPerClass);
  const vectors = Array.from({ length: classes * imagesPerClass }, () => {
    const vector = Array.from({ length: dimension }, () => random.normal());
    const length = Math.hypot(...vector);
    return vector.map((value) => Math.fround(value / length));
  });
  return { vectors, labels: vectors.map((_, row) => row % classes) };
}

interface LossContract {
  /** The loss at a temperature. */
  readonly make: (temperature: number) => Loss;
  readonly naive: (temperature: number) => NaiveLoss;
  /** Images of each class in the batches that it takes. */
  readonly imagesPerClass: number;
}

/** What every loss over cosines with a temperature owes the training step. */
export function keepsLossContract({ make, naive, imagesPerClass }: LossContract): void {
  // Float32 holds a logit, which is as large as 1/temperature, to 6e-8 of its size; a gradient is some logits' worth.
  const relative = 1e-6;
  const check = async (temperature: number, batch: LabelledVectors) => {
    const { value, gradient } = await lossAndGradient(make(temperature), batch);
    expect(Math.abs(value - naive(temperature)(batch))).toBeLessThanOrEqual(relative / temperature);
    return gradient;
  };
  const checkEveryElement = async (temperature: number, batch: LabelledVectors) => {
    const gradient = await check(temperature, batch);
    const differences = centralDifferences(naive(temperature), batch);
    const scale = Math.max(...differences.map(Math.abs), 1);
    for (const [i, expected] of differences.entries())
      expect(Math.abs(gradient[i] - expected)).toBeLessThanOrEqual((4 * relative * scale) / temperature);
  };

  describe('the contract of losses', () => {
    it('describes itself in plain JSON', () => {
      const { name, options } = make(0.1);
      expect(name).not.toBe('');
      expect(JSON.parse(JSON.stringify(options))).toEqual(options);
    });

    it.each([2, 1, 0.2, 0.07, 0.01])(
      'has the value and gradient of its equation at the temperature %d',
      async (temperature) => {
        await checkEveryElement(temperature, randomBatch(6, imagesPerClass));
      },
    );

    it('has the value and gradient of its equation for the fewest classes', async () => {
      await checkEveryElement(0.2, randomBatch(2, imagesPerClass));
    });

    it('is 0, with a gradient of 0, where there is but one class', async () => {
      const { value, gradient } = await lossAndGradient(make(0.2), randomBatch(1, imagesPerClass));
      expect(value).toBeCloseTo(0, 6);
      for (const element of gradient) expect(element).toBeCloseTo(0, 6);
    });

    it('has the value of its equation for 1,000 images, and its slope along random directions', async () => {
      const temperature = 0.1;
      const batch = randomBatch(1000 / imagesPerClass, imagesPerClass);
      const gradient = await check(temperature, batch);
      for (const direction of [1, 2]) {
        const random = Random.of(direction, 'direction');
        const along = gradient.map(() => random.normal());
        const slope = gradient.reduce((sum, element, i) => sum + element * along[i], 0);
        const step = 1e-6;
        const lossAt = (distance: number) => naive(temperature)(moved(batch, along, distance));
        const expected = (lossAt(step) - lossAt(-step)) / (2 * step);
        // A random direction has the length √n: what the elements err by adds up along it.
        const scale = Math.hypot(...gradient) * Math.sqrt(gradient.length);
        expect(Math.abs(slope - expected)).toBeLessThanOrEqual(1e-5 * scale);
      }
    });

    it.each([0.2, 0.01])(
      'is finite where all embeddings are equal, at the temperature %d, and pulls nowhere',
      async (temperature) => {
        const { labels } = randomBatch(5, imagesPerClass);
        const batch = { labels, vectors: labels.map(() => [0.6, 0, -0.8]) };
        await checkEveryElement(temperature, batch);
      },
    );

    it.each([0.2, 0.01])(
      'is finite where classes lie on opposite sides, perfectly or perfectly wrong, at the temperature %d',
      async (temperature) => {
        const { labels } = randomBatch(2, imagesPerClass);
        const right = labels.map((label) => [label === 0 ? 1 : -1, 0]);
        const wrong = labels.map((label, row) => [(label === 0) === row < labels.length / 2 ? 1 : -1, 0]);
        for (const vectors of [right, wrong]) await checkEveryElement(temperature, { labels, vectors });
      },
    );

    it('does not change where classes change their numbers', async () => {
      const batch = randomBatch(4, imagesPerClass);
      const renumbered = { ...batch, labels: batch.labels.map((label) => 900 - 7 * label) };
      expect(await lossAndGradient(make(0.1), renumbered)).toEqual(await lossAndGradient(make(0.1), batch));
    });
  });
}

/** (f(x + h) − f(x − h)) / 2h for every element of every vector. */
function centralDifferences(f: NaiveLoss, batch: LabelledVectors): number[] {
  const step = 1e-6;
  const count = batch.vectors.length * batch.vectors[0].length;
  return Array.from({ length: count }, (_, moving) => {
    const direction = Array.from({ length: count }, (_, i) => (i === moving ? 1 : 0));
    return (f(moved(batch, direction, step)) - f(moved(batch, direction, -step))) / (2 * step);
  });
}

function moved(batch: LabelledVectors, direction: readonly number[], distance: number): LabelledVectors {
  const dimension = batch.vectors[0].length;
  const vectors = batch.vectors.map((vector, row) =>
    vector.map((value, d) => value + distance * direction[row * dimension + d]),
  );
  return { ...batch, vectors };
}
