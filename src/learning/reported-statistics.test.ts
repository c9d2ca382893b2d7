import { describe, expect, it } from 'vitest';
import { atTime, constant, input } from '../engine/index.js';
import { ReportedStatistics } from './reported-statistics.js';

describe('ReportedStatistics', () => {
  it('reads what a program put out under the names that were reported', () => {
    const reported = new ReportedStatistics();
    reported.report('activePairs', input('x', 'float32', []));
    const [name] = Object.keys(reported.outputs());
    const outputs = {
      [name]: Float32Array.of(0.25),
      [atTime(name, 1)]: Float32Array.of(0.5),
      loss: Float32Array.of(1),
    };
    expect([0, 1].map((time) => reported.read(outputs, time))).toEqual([
      { activePairs: 0.25 },
      { activePairs: 0.5 },
    ]);
  });

  it('refuses a name twice, and what is no scalar', () => {
    const reported = new ReportedStatistics();
    reported.report('a', constant(1));
    expect(() => reported.report('a', constant(2))).toThrow(/statistic 'a': expected a name of its own/);
    expect(() => reported.report('b', constant([1, 2], [2]))).toThrow(
      /statistic 'b': expected float32 \[\], got float32 \[2\]/,
    );
  });
});
