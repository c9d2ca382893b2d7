import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barLine, plainLine } from './progress-line.js';

const training = {
  task: 'training',
  done: 5_000,
  total: 20_000,
  unit: 'images',
  figures: { epoch: '3/10', loss: '1.7312' },
};
const wide = { widthColumns: 140, unicode: true };

describe('the progress line of a terminal', () => {
  it('shows task, bar, percentage, counts, rate, time left and figures', () => {
    expect(barLine(training, 500, wide)).toBe(
      `training  ${'█'.repeat(7)}${'░'.repeat(21)}   25%  5,000/20,000 images  500 images/s  ETA 30 s  epoch 3/10  loss 1.7312`,
    );
  });

  it('leaves out counts first, then the rate, then figures, then the time left, as the terminal gets narrower', () => {
    const at = (widthColumns: number) => barLine(training, 500, { widthColumns, unicode: true });
    expect(at(80)).not.toContain('5,000/20,000');
    expect(at(80)).toContain('500 images/s');
    expect(at(60)).not.toContain('images/s');
    expect(at(60)).toContain('loss 1.7312');
    expect(at(40)).not.toContain('loss');
    expect(at(40)).toContain('ETA 30 s');
    expect(at(30)).toMatch(/^training {2}█+░+ {3}25%$/);
  });

  it('has no bar, percentage or time left where the amount of work is unknown', () => {
    expect(barLine({ task: 'downloading', done: 12_300_000, unit: 'bytes' }, 3_400_000, wide)).toBe(
      'downloading  12.3 MB  3.4 MB/s',
    );
  });

  it('keeps the end of a long task name, which in a path tells more', () => {
    const task = `embedding ${'very/'.repeat(20)}deep/shoes:test`;
    expect(barLine({ ...training, task }, 500, wide)).toMatch(/^….*deep\/shoes:test {2}█/);
  });

  it('makes do with ASCII where the terminal knows no more', () => {
    const line = barLine(training, 500, { ...wide, unicode: false });
    expect(line).toContain('#######---------------------');
    expect(line).toMatch(/^[ -~]+$/);
  });

  it('never exceeds the width, whatever is reported', () => {
    fc.assert(
      fc.property(
        fc.record({
          task: fc.string({ maxLength: 80 }),
          done: fc.nat(1e9),
          total: fc.option(fc.nat(1e9), { nil: undefined }),
          unit: fc.constantFrom('images', 'bytes'),
        }),
        fc.option(fc.double({ min: 0, max: 1e8, noNaN: true }), { nil: undefined }),
        fc.integer({ min: 1, max: 200 }),
        (progress, perSecond, widthColumns) => {
          expect(barLine(progress, perSecond, { widthColumns, unicode: true }).length).toBeLessThanOrEqual(
            widthColumns,
          );
        },
      ),
    );
  });

  it('shows all of the bar when more is done than was expected, and no time left', () => {
    const line = barLine({ ...training, done: 30_000 }, 500, wide);
    expect(line).toContain('100%');
    expect(line).not.toContain('ETA');
  });
});

describe('the progress line of a log', () => {
  it('says the same in words', () => {
    expect(plainLine(training, 500)).toBe(
      'training: 25 %, 5,000/20,000 images, 500 images/s, about 30 s left, epoch 3/10, loss 1.7312',
    );
  });

  it('says nothing about rate and time left that it does not know', () => {
    expect(plainLine({ task: 'downloading', done: 1_500, unit: 'bytes' }, undefined)).toBe(
      'downloading: 1.5 kB',
    );
  });
});
