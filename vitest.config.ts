import { defineConfig } from 'vitest/config';

/** Tests that look at numbers near 0, which count as 0 in a thread that has made a session of ONNX Runtime. */
const withoutEngine = [
  'web/src/**/*.test.ts',
  'src/app/service/images/score-histogram.test.ts',
  'src/cli/progress-line.test.ts',
  'src/learning/checkpoint.test.ts',
  'src/report/charts/linear-scale.test.ts',
];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Every test file may hold an ONNX Runtime session of its own, and those take all cores already.
    maxWorkers: 2,
    pool: 'forks',
    // Which way of writing an operation is fastest must not decide what tests see, and measuring it takes time.
    env: { IMAGEKIN_TUNING: 'off' },
    projects: [
      // A process serves file after file in the first two: starting one, and loading native libraries, takes longer than most files.
      {
        extends: true,
        test: { name: 'without-engine', include: withoutEngine, isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/{oracle,contracts}/**/*.test.ts'],
          exclude: ['**/*.isolated.test.ts', ...withoutEngine],
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'isolated',
          // Whole commands, and files that put other modules in the place of some.
          include: ['test/e2e/**/*.test.ts', 'src/**/*.isolated.test.ts'],
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
