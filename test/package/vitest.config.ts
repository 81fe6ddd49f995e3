import { defineConfig } from 'vitest/config';

/** The installed package: apart from the tests, since it needs the build and the registry. */
export default defineConfig({
  test: { include: ['test/package/*.check.ts'], testTimeout: 300_000, hookTimeout: 600_000 },
});
