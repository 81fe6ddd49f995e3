import { configDefaults, defineConfig } from 'vitest/config';

/** Rooms of pure functions: their test files share a process, which starts and loads modules once, not 60 times. */
const PURE = [
  'packages/core/src/{motion,metrics,network,graph,live}/**/*.test.ts',
  'packages/train/src/{config,data}/**/*.test.ts',
];

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
          name: 'all else',
          include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...PURE],
          globalSetup: 'test/build-once.ts',
        },
      },
      { extends: true, test: { name: 'pure', include: PURE, isolate: false } },
    ],
  },
});
