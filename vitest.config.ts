import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take minutes begin first, so that no worker is left alone with one at the end. */
const LONGEST = ['simulation/simulation', 'adapters/contract', 'chaos/chaos', 'round-trips/round-trips', 'cli/serve', 'bench/'];

const place = ({ moduleId }: TestSpecification): number => {
  const found = LONGEST.findIndex((name) => moduleId.includes(`/test/${name}`));
  return found === -1 ? LONGEST.length : found;
};

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // Files share what they load; a third of the time of a run went into loading the same modules anew for each.
    isolate: false,
    sequence: { sequencer: LongestFirst },
  },
});
