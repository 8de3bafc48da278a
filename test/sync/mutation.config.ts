import { defineConfig } from 'vitest/config';

/** The tests that each mutant of the pure stations is tried against: quick, and near to what they judge. */
export default defineConfig({
  test: { include: ['plan', 'guard', 'settle'].map((station) => `test/sync/${station}.test.ts`), maxWorkers: 1 },
});
