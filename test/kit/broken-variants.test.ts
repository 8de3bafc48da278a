import { describe, expect, it } from 'vitest';
import { BROKEN, foundIn } from './broken-variants.ts';

/** The suite is proved trait by trait; that no declared trait is missing here is held by `test/adapters/contract.test.ts`. */
describe('the contract suite catches, trait by trait', () => {
  it.each(BROKEN.map((broken) => [broken.trait, broken.what, broken] as const))('%s: %s', async (_trait, _what, broken) => {
    expect(await foundIn(broken)).not.toBeNull();
    // The same check finds nothing wrong with the system as it is.
    const { kind: _kind, system: _system, simulator: _simulator, ...whole } = broken;
    expect(await foundIn(whole)).toBeNull();
  });
});
