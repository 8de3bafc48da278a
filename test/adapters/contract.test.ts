import { resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { classify, rowFor } from '../../src/kit/answers.ts';
import { readAnswers } from '../../src/kit/answers-file.ts';
import { adapterData, listAdapters, loadAdapter, loadFixture } from '../../src/kit/load.ts';
import type { Reason } from '../../src/kit/proof/bench.ts';
import { KEPT_ELSEWHERE } from '../../src/kit/proof/capability.ts';
import { declaredOf, partsOf, runCheck, unproved } from '../../src/kit/proof/prove.ts';
import { sampleOf } from '../../src/kit/proof/sample-answer.ts';
import { BROKEN } from '../kit/broken-variants.ts';

/** One suite over every folder in adapters/, found by itself, against its own simulator. */
const FOLDERS = [resolve(import.meta.dirname, '../../adapters')];
const reports: string[] = [];
const caught = new Set(BROKEN.map(({ trait }) => trait));

describe.each(listAdapters(FOLDERS).map(({ name, folder }) => [name, folder] as const))('adapter %s', async (name, folder) => {
  const loaded = await loadAdapter(FOLDERS, name);
  const fixture = await loadFixture(folder);
  const { start } = loaded;

  it('brings a simulator and sample records', () => {
    expect(start).not.toBeNull();
    expect(Object.keys(fixture?.kinds ?? {})).not.toEqual([]);
  });
  if (start === null || fixture === null) return;

  const provable = { loaded, start, fixture };
  for (const part of partsOf(fixture)) {
    const { checks, capabilities, unlike } = await declaredOf(provable, part);
    const proved = new Set<string>();
    const excused = new Map<string, Reason>();
    it.each(checks.map((check) => [check.name, check] as const))(`${part.label}: %s`, async (_, check) => {
      const shown = await runCheck(provable, part, check);
      for (const one of shown.proved) proved.add(one);
      for (const [one, reason] of shown.excused) excused.set(one, reason);
      reports.push(...shown.reports.map((report) => `${name} ${part.label}: ${report}`));
    });
    it(`${part.label}: a broken variant is caught for each trait that is declared`, () => {
      expect(capabilities.map(({ trait }) => trait).filter((trait) => !caught.has(trait) && KEPT_ELSEWHERE[trait] === undefined)).toEqual(
        [],
      );
    });
    it(`${part.label}: what is proved is all that is declared`, () => {
      expect(unproved(capabilities, { proved, excused })).toEqual([]);
      expect(unlike).toEqual([]);
    });
  }

  const table = readAnswers(adapterData(loaded, null).answers());
  it('lets every row of answers.yaml be reached', () => {
    for (const [operation, rows] of Object.entries(table))
      for (const row of rows) {
        const sample = sampleOf(row);
        if (sample !== null) expect(rowFor(table, operation, sample), `${operation}: ${row.is} ${row.code}`).toBe(row);
      }
  });
  it('never takes an unknown sentence, a page or broken JSON for success', () => {
    for (const [operation, rows] of Object.entries(table)) {
      const byStatusAlone = rows.some((row) => row.is === 'done' && row.field.length + row.says.length + row.matches.length === 0);
      const odd = [
        { status: byStatusAlone ? 300 : 200, body: { message: 'một câu không ai biết' } },
        { status: 200, body: null, shape: 'html' as const, text: '<html>Bảo trì</html>' },
        { status: 200, body: null, shape: 'text' as const, text: '{"status": "1", "val' },
      ];
      for (const answer of odd) expect(classify(table, operation, answer).is, operation).toBe('trouble');
    }
  });
});

afterAll(() => {
  if (reports.length > 0) console.info([...new Set(reports)].join('\n'));
});
