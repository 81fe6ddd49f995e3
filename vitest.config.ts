import { defineConfig } from 'vitest/config';

/** Tests beside the code share processes, which load modules once and not 200 times; those of whole commands have their own. */
const ROOMS = ['packages/*/src/**/*.test.ts'];

export default defineConfig({
  test: {
    setupFiles: ['packages/node/src/kernels/provide.ts', 'test/equal-arrays.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts'],
          globalSetup: 'test/build-once.ts',
        },
      },
      { extends: true, test: { name: 'rooms', include: ROOMS, isolate: false } },
    ],
  },
});
