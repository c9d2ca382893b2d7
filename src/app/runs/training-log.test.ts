import { describe, expect, it } from 'vitest';
import { emptyRecord, type TrainingRecord } from '../../learning/training-record.js';
import { epochsIn, logText, parseLog } from './training-log.js';

const record: TrainingRecord = {
  ...emptyRecord,
  steps: [1, 2, 3, 4].map((step) => ({
    step,
    epoch: Math.ceil(step / 2),
    loss: step,
    learningRate: 0.1,
    statistics: { meanCosine: 0.5 },
  })),
  epochs: [1, 2].map((epoch) => ({ epoch, loss: epoch, seconds: 1, statistics: {} })),
  validations: [{ step: 3, epoch: 2, metric: 'mapAtR', value: 0.5, statistics: {}, seconds: 0.1 }],
};

describe('a log', () => {
  it('tells of all in the order in which it happened', () => {
    const lines = parseLog(logText(record, { batchesPerEpoch: 2, withSteps: true }));
    expect(lines.map(({ kind, step }) => `${kind} ${step}`)).toEqual([
      'steps 1',
      'steps 2',
      'epoch 2',
      'steps 3',
      'validation 3',
      'steps 4',
      'epoch 4',
    ]);
    expect(lines[0]).toEqual({ kind: 'steps', ...record.steps[0] });
    const short = parseLog(logText(record, { batchesPerEpoch: 2, withSteps: false }));
    expect(short.map(({ kind }) => kind)).toEqual(['epoch', 'validation', 'epoch']);
  });

  it('gives the epochs back; without times where a line is lost or another run’s', () => {
    const text = logText(record, { batchesPerEpoch: 2, withSteps: true });
    expect(epochsIn(text, [1, 2])).toMatchObject(record.epochs);
    const cut = text.slice(0, -20);
    expect(epochsIn(cut, [1, 2])[1]).toEqual({ epoch: 2, loss: 2, seconds: 0, statistics: {} });
    expect(epochsIn(text, [9])).toEqual([{ epoch: 1, loss: 9, seconds: 0, statistics: {} }]);
    expect(parseLog('null\n3\n{"x":1}\nnot JSON\n')).toEqual([]);
  });
});
