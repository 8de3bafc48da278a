import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../src/intake/document.ts';
import { loadForms } from '../../src/intake/forms.ts';
import { DESKS, HOLD_KINDS, PHASES, SITUATIONS, TRUSTS } from '../../src/model/words.ts';
import { dossierLines, dossiers, expected, MAPPINGS, scenario } from './given.ts';

const MINISTRY = ['accept', 'assign', 'issue', 'ask-supplement', 'refuse', 'type', 'edit'];
const OFFICIAL = ['edit', 'supply', 'receive', 'withdraw', 'hand-over', 'decide', 'type-in', 'open'];
const within = (words: readonly string[], word: string) => words.includes(word);

describe('the dossiers of the demo', () => {
  it('are at least 20 births, 12 deaths and 10 marriages, each with a code of its own', () => {
    const all = dossiers();
    const count = (form: string) => all.filter((dossier) => dossier.form === form).length;
    expect(count('birth@1')).toBeGreaterThanOrEqual(20);
    expect(count('death@1')).toBeGreaterThanOrEqual(12);
    expect(count('marriage@1')).toBeGreaterThanOrEqual(10);
    expect(new Set(all.map((dossier) => dossier.code)).size).toBe(all.length);
  });

  it('are all taken by intake as they stand', async () => {
    const forms = await loadForms(`${MAPPINGS}/forms`);
    const refused = dossierLines()
      .map((line) => JSON.parse(line))
      .map((body) => ({ code: body.code, parsed: parseDocument(body, forms) }))
      .filter(({ parsed }) => !parsed.ok);
    expect(refused).toEqual([]);
  });

  it('name nobody who exists: every long number is of the invented ranges', () => {
    const numbers = dossierLines().flatMap((line) => line.match(/(?<![\d-])\d{9,12}(?![\d-])/g) ?? []);
    expect(numbers.length).toBeGreaterThan(100);
    expect(numbers.filter((number) => !/^(099\d{9}|0900000\d{3}|99\d{7})$/.test(number))).toEqual([]);
  });

  it('hold the shapes that trouble real systems: NFD text, a long name, a date known only in part', () => {
    const lines = dossierLines();
    expect(lines.filter((line) => line !== line.normalize('NFC')).length).toBeGreaterThanOrEqual(2);
    expect(lines.some((line) => /"fullName":"[^"]{80,100}"/.test(line))).toBe(true);
    expect(lines.some((line) => /"birthDate":"\d{4}"/.test(line))).toBe(true);
    expect(lines.some((line) => /"birthDate":"\d{4}-\d{2}"/.test(line))).toBe(true);
  });
});

describe('the story of the demo', () => {
  it('and its end are told of every dossier and of no other', () => {
    const codes = dossiers().map((dossier) => dossier.code);
    expect(Object.keys(scenario().dossiers).sort()).toEqual([...codes].sort());
    expect(Object.keys(expected()).sort()).toEqual([...codes].sort());
  });

  it('uses only the words its page explains', () => {
    const steps = Object.values(scenario().dossiers).flat();
    const whens = ['start', 'taken', 'step', 'sheet', ...PHASES, ...HOLD_KINDS.map((kind) => `hold:${kind}`)];
    const when = (said: string) => (said.startsWith('hold:') ? said : (said.split(':').at(-1) ?? ''));
    expect(steps.filter((step) => !within(whens, when(step.when)))).toEqual([]);
    const here = steps.filter(({ at }) => at === undefined || at === 'civil-status');
    expect(here.filter((step) => !within(step.who === 'ministry' ? MINISTRY : OFFICIAL, step.do))).toEqual([]);
    expect(steps.filter((step) => step.do === 'decide' && !step.when.startsWith('hold:'))).toEqual([]);
  });

  it('ends in the words of the design', () => {
    const ends = Object.values(expected()).flatMap((end) => ('intake' in end ? [] : [end]));
    expect(ends.filter(({ leg }) => !within(SITUATIONS, leg.situation))).toEqual([]);
    expect(ends.filter(({ leg }) => leg.phase !== 'absent' && !within(PHASES, leg.phase))).toEqual([]);
    expect(ends.filter(({ leg }) => leg.trust !== 'absent' && !within(TRUSTS, leg.trust))).toEqual([]);
    expect(ends.flatMap(({ holds }) => holds).filter((hold) => !within(HOLD_KINDS, hold.kind) || !within(DESKS, hold.desk))).toEqual([]);
  });

  it('shows each kind of trouble it promises', () => {
    const ends = Object.values(expected());
    const kinds = new Set(ends.flatMap((end) => ('intake' in end ? [end.intake] : end.holds.map((hold) => hold.kind))));
    for (const kind of ['unknown-code', 'split-code', 'twins', 'unsaved-edit', 'no-result', 'expired-procedure'])
      expect(kinds).toContain(kind);
    const deeds = new Set(Object.values(scenario().dossiers).flatMap((steps) => steps.map((step) => `${step.who} ${step.do}`)));
    for (const deed of [
      'ministry refuse',
      'ministry type',
      'ministry edit',
      'official supply',
      'official withdraw',
      'official hand-over',
    ]) {
      expect(deeds).toContain(deed);
    }
  });

  it('leaves the record we sent where the last deed at the ministry put it', () => {
    const stageAfter: Record<string, string> = {
      accept: '3',
      assign: '7',
      issue: '4',
      'ask-supplement': '2',
      refuse: '6',
      supply: '3',
      'hand-over': '5',
    };
    const ends = expected();
    const wrong = Object.entries(scenario().dossiers).filter(([code, steps]) => {
      const end = ends[code];
      const moves = steps.filter(({ at }) => at === undefined).flatMap((step) => stageAfter[step.do] ?? []);
      const last = moves.at(-1);
      return last !== undefined && !(end !== undefined && 'ministry' in end && end.ministry.some((record) => record.stage === last));
    });
    expect(wrong).toEqual([]);
  });

  it('keeps one record at the ministry for each dossier, unless hands made more', () => {
    const { dossiers: steps } = scenario();
    const typed = (code: string) => steps[code]?.filter((step) => step.do === 'type').length ?? 0;
    const many = Object.entries(expected()).filter(
      ([code, end]) => 'ministry' in end && end.ministry.filter(({ at }) => at === undefined).length > 1 + typed(code),
    );
    expect(many).toEqual([]);
  });
});
