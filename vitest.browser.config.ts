import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'reports',
          include: ['test/browser/*.test.ts'],
          globalSetup: ['test/browser/install-chromium.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'page',
          include: ['test/browser/page/**/*.test.ts'],
          globalSetup: ['test/browser/install-chromium.ts', 'test/browser/page/serve-collections.ts'],
          // All share one server, and some change what it serves.
          fileParallelism: false,
        },
      },
    ],
  },
});
