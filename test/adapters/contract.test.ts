import { resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { classify, rowFor } from '../../src/kit/answers.ts';
import { readAnswers } from '../../src/kit/answers-file.ts';
import { adapterData, listAdapters, loadAdapter, loadFixture } from '../../src/kit/load.ts';
import { openBench } from './bench.ts';
import { CHECKS } from './checks.ts';
import { sampleOf } from './sample-answer.ts';

/** One suite over every folder in adapters/, found by itself, against its own simulator. */
const FOLDERS = [resolve(import.meta.dirname, '../../adapters')];
const reports: string[] = [];

describe.each(listAdapters(FOLDERS).map(({ name, folder }) => [name, folder] as const))('adapter %s', async (name, folder) => {
  const loaded = await loadAdapter(FOLDERS, name);
  const fixture = await loadFixture(folder);
  const { start } = loaded;

  it('brings a simulator and sample records', () => {
    expect(start).not.toBeNull();
    expect(Object.keys(fixture?.kinds ?? {})).not.toEqual([]);
  });
  if (start === null || fixture === null) return;

  const ways = [['', {}] as const, ...Object.entries(fixture.configs ?? {})];
  const proofs = ways.flatMap(([way, config]) =>
    Object.entries(fixture.kinds).map(([kind, samples]) => ({ label: way === '' ? kind : `${kind} over ${way}`, kind, samples, config })),
  );
  for (const { label, kind, samples, config } of proofs) {
    it.each(CHECKS.map((check) => [check.name, check] as const))(`${label}: %s`, async (_, check) => {
      const bench = await openBench(loaded, start, samples, kind, config);
      try {
        if (check.applies(bench)) await check.run(bench);
        reports.push(...bench.reports.map((report) => `${name} ${label}: ${report}`));
      } finally {
        await bench.close();
      }
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
