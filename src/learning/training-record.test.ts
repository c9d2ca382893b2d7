import { describe, expect, it } from 'vitest';
import { emptyRecord, type TrainingRecord, withStep } from './training-record.js';

/** A record after steps with these losses, each taking a second. */
function recordOf(losses: readonly number[], batchesPerEpoch: number, statistics = (_: number) => ({})) {
  return losses.reduce<TrainingRecord>(
    (record, loss, i) =>
      withStep(
        record,
        {
          step: i + 1,
          epoch: Math.floor(i / batchesPerEpoch) + 1,
          loss,
          learningRate: i / 10,
          statistics: statistics(i),
        },
        { batchesPerEpoch, seconds: 1 },
      ),
    emptyRecord,
  );
}

describe('withStep', () => {
  it('takes means over the steps of an epoch, and begins the next with nothing', () => {
    const { epochs, epochSoFar } = recordOf([1, 2, 6, 4, 8], 3, (i) => ({ meanCosine: i }));
    expect(epochs).toEqual([{ epoch: 1, loss: 3, seconds: 3, statistics: { meanCosine: 1 } }]);
    expect(epochSoFar).toEqual({ count: 2, loss: 12, seconds: 2, statistics: { meanCosine: [7, 2] } });
  });

  it('tells of every tenth of an epoch, with what is left over at its end', () => {
    const { steps } = recordOf(
      Array.from({ length: 50 }, (_, i) => i),
      25,
    );
    // Three steps at a time, and the last of an epoch alone.
    expect(steps.map(({ step }) => step)).toEqual(
      [3, 6, 9, 12, 15, 18, 21, 24, 25].flatMap((step) => [step, step + 25]).sort((a, b) => a - b),
    );
    expect(steps[0]).toEqual({ step: 3, epoch: 1, loss: 1, learningRate: 0.2, statistics: {} });
    expect(steps[8]).toMatchObject({ step: 25, epoch: 1, loss: 24 });
    expect(steps.at(-1)).toMatchObject({ step: 50, epoch: 2, loss: 49 });
  });

  it('leaves values that are not finite out of the means, and a statistic without any out of the record', () => {
    const { epochs } = recordOf([1, 1, 1], 3, (i) => ({
      hardness: i === 1 ? Number.NaN : i,
      never: Number.POSITIVE_INFINITY,
    }));
    expect(epochs[0].statistics).toEqual({ hardness: 1 });
  });

  it('is plain JSON at any moment', () => {
    for (let count = 0; count < 8; count++) {
      const record = recordOf(new Array(count).fill(1 / 3), 5, () => ({ rank: Math.PI, bad: Number.NaN }));
      expect(JSON.parse(JSON.stringify(record))).toEqual(record);
    }
  });
});
