import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readTerms } from '../../src/assemble/terms.ts';
import { refusedAt } from './refused.ts';

describe('the terms of procedures', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'motlan-terms-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const terms = async (text: string) => {
    await writeFile(join(folder, 'deadlines.yaml'), text);
    return refusedAt(() => readTerms(folder));
  };
  test.each([
    ['neither days nor hours', '- { procedure: 1.001193 }\n', ['1 custom']],
    ['both', '- { procedure: 1.001193, days: 1, hours: 8 }\n', ['1 custom']],
    ['no hours at all', '- { procedure: 1.001193, hours: 0 }\n', ['1 custom']],
    ['a number that is none', '- { procedure: 1.001193, days: -1 }\n', ['1 invalid-format']],
    ['a code that is none', '# mã\n- { procedure: khai-sinh, days: 1 }\n', ['2 invalid-format']],
    ['an unknown key', '- { procedure: 1.001193, days: 1, month: 1 }\n', ['1 unrecognized-keys']],
    ['an end before its beginning', '- procedure: 1.001193\n  days: 1\n  from: 2026-02-01\n  until: 2026-01-01\n', ['4 custom']],
    ['one thing said twice', '- { procedure: 1.001193, days: 1 }\n- { procedure: 1.001193, days: 2, from: 2026-01-01 }\n', ['2 twice']],
  ])('terms with %s are refused with the line', async (_what, text, expected) => {
    expect(await terms(text)).toEqual(expected);
  });
  test('one term after the other is in order, and no file means no terms', async () => {
    expect(await readTerms(folder)).toEqual([]);
    expect(
      await terms('- { procedure: 1.001193, days: 1, until: 2025-12-31 }\n- { procedure: 1.001193, days: 2, from: 2026-01-01 }\n'),
    ).toEqual([]);
  });
  test('the terms that ship can be read', async () => {
    const shippedTerms = await readTerms('mappings');
    expect(shippedTerms).toContainEqual({
      procedure: '1.001193',
      leg: 'civil-status',
      term: { unit: 'day', count: 0 },
      from: '',
      until: '9999-12-31',
    });
  });
});
