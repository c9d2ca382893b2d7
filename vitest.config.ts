import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'web/src/**/*.test.ts', 'test/{oracle,contracts,e2e}/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Every test file may hold an ONNX Runtime session of its own, and those take all cores already.
    maxWorkers: 2,
    pool: 'forks',
    // Which way of writing an operation is fastest must not decide what tests see, and measuring it takes time.
    env: { IMAGEKIN_TUNING: 'off' },
  },
});
