import { defineConfig } from 'vitest/config';

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
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'web/src/**/*.test.ts', 'test/{oracle,contracts}/**/*.test.ts'],
          exclude: ['**/*.isolated.test.ts'],
          // A process serves file after file: starting one, and loading native libraries, takes longer than most files.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'isolated',
          // Whole commands, and files that put other modules in the place of some.
          include: ['test/e2e/**/*.test.ts', 'src/**/*.isolated.test.ts'],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
