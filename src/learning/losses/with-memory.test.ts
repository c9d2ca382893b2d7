import { describe, expect, it } from 'vitest';
import { lossStream } from '../../../test/fixtures/embedded-batch.js';
import { evaluate } from '../../../test/oracle/evaluate.js';
import { naiveArray } from '../../../test/oracle/naive-array.js';
import { parameterValues } from '../../../test/oracle/parameter-values.js';
import { input, ParameterSet, type Tensor } from '../../engine/index.js';
import {
  contrastive,
  type EmbeddedBatch,
  type Loss,
  normalizedSoftmax,
  triplet,
  withMemory,
} from './index.js';

/** Steps of a loss whose states are carried by hand, two embeddings of two numbers each. */
class Steps {
  private readonly states = new ParameterSet();
  private readonly next = new Map<Tensor, Tensor>();
  private readonly scalar: Tensor;
  values: Float32Array;

  constructor(loss: Loss) {
    const batch: EmbeddedBatch = {
      embeddings: input('embeddings', 'float32', [2, 2]),
      labels: input('labels', 'int64', [2]),
      classCount: 9,
      parameter: () => {
        throw new Error('nothing is learned here');
      },
      state: (name, shape, initializer) => this.states.get(name, shape, initializer),
      report: () => {},
      update: (state, value) => void this.next.set(state, value),
    };
    this.scalar = loss.build(batch);
    this.values = this.states.initialize(lossStream);
  }

  async run(embeddings: number[], labels: number[]): Promise<number> {
    const updated = this.states.tensors.map((state) => this.next.get(state)!);
    const [[loss], ...states] = await evaluate([this.scalar, ...updated], {
      embeddings: naiveArray([2, 2], embeddings),
      labels: naiveArray([2], labels),
      ...parameterValues(this.states, this.values),
    });
    this.values = Float32Array.from(states.flat());
    return loss;
  }

  get memory(): { embeddings: number[]; labels: number[] } {
    const [embeddings, labels] = this.states.layout.map(({ offset, shape }) => [
      ...this.values.subarray(offset, offset + shape.reduce((a, b) => a * b, 1)),
    ]);
    return { embeddings, labels };
  }
}

const east = [1, 0];
const north = [0, 1];

describe('withMemory', () => {
  it('remembers the latest, and forgets the oldest', async () => {
    const steps = new Steps(withMemory(contrastive(), { size: 3 }));
    await steps.run([...east, ...north], [4, 5]);
    expect(steps.memory).toEqual({ embeddings: [...east, ...north, 0, 0], labels: [4, 5, -1] });
    await steps.run([...north, ...east], [6, 7]);
    expect(steps.memory).toEqual({ embeddings: [...north, ...east, ...east], labels: [6, 7, 4] });
  });

  it('keeps the latest of a batch that is larger than it', async () => {
    const steps = new Steps(withMemory(contrastive(), { size: 1 }));
    await steps.run([...east, ...north], [4, 5]);
    expect(steps.memory).toEqual({ embeddings: east, labels: [4] });
  });

  it('compares with earlier batches, though not with empty places', async () => {
    const steps = new Steps(withMemory(contrastive(), { size: 4 }));
    // Two classes at right angles: a cosine of 0 is far enough.
    expect(await steps.run([...east, ...north], [0, 1])).toBe(0);
    // The same classes the other way round: each lies a cosine of 1 from its former self, and of 0 from its own.
    expect(await steps.run([...north, ...east], [0, 1])).toBeCloseTo(1 + 0.5, 6);
  });

  it('remembers nothing before its first step', async () => {
    const steps = new Steps(withMemory(contrastive(), { size: 2, startStep: 2 }));
    for (const expected of [
      [-1, -1],
      [-1, -1],
      [3, 8],
    ]) {
      await steps.run([...east, ...north], [3, 8]);
      expect(steps.memory.labels).toEqual(expected);
    }
  });

  it('is refused by a loss that compares no images', () => {
    expect(() => withMemory(normalizedSoftmax({ temperature: 0.1 }), { size: 8 })).toThrow(
      expect.objectContaining({
        code: 'wrong-usage',
        message: expect.stringContaining('normalized-softmax'),
      }),
    );
  });

  it('is refused where triplets with it would not fit a machine', () => {
    const loss = withMemory(triplet(), { size: 20_000 });
    expect(() => new Steps(loss)).toThrow(
      expect.objectContaining({ code: 'wrong-usage', message: expect.stringContaining('20002') }),
    );
  });

  it('describes itself with the loss', () => {
    const { name, options } = withMemory(contrastive(), { size: 8 });
    expect({ name, options }).toMatchObject({
      name: 'contrastive',
      options: { negativeMargin: 0.5, memory: { size: 8, startStep: 0 } },
    });
  });
});
