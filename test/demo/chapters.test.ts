import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sceneOf } from '../../src/demo/people.ts';
import { clerkOf, readStory } from '../../src/demo/story.ts';
import { parseDocument } from '../../src/intake/document.ts';
import { loadForms } from '../../src/intake/forms.ts';
import { sameProcedure } from '../../src/model/codes.ts';
import { DESKS, HOLD_KINDS, PHASES, SITUATIONS, TRUSTS } from '../../src/model/words.ts';
import { book } from '../mappings/book.ts';
import { MAPPINGS } from '../mappings/given.ts';

const story = await readStory(join(import.meta.dirname, '../../config/demo'));
const forms = await loadForms(`${MAPPINGS}/forms`);
const parsed = story.dossiers.map((document) => ({ scene: sceneOf(document), parsed: parseDocument(document, forms) }));

/** Procedures a province types twice today, and the bundles. */
const SHOWN = [
  ...['1.001193', '1.000656', '1.000894', '1.008498', '1.008500', '1.012783', '1.001612', '2.000720', '1.001570', '1.001266'],
  ...['1.002809', '1.002051', '1.001978', '1.001973', '3.000722', '2.002913', '9.990001', '9.990002'],
];

describe('the chapters of the demo', () => {
  it('hold at least 120 dossiers, each with a code of its own, over every procedure that is typed twice today', () => {
    expect(story.dossiers.length).toBeGreaterThanOrEqual(120);
    expect(new Set(story.dossiers.map(({ code }) => code)).size).toBe(story.dossiers.length);
    const shown = SHOWN.filter((code) => story.dossiers.some(({ procedure }) => sameProcedure(code, String(procedure))));
    expect(shown).toEqual(SHOWN);
  });

  it('are taken by intake as they stand, and name nobody who exists', () => {
    expect(parsed.filter((one) => !one.parsed.ok).map(({ scene }) => scene.code)).toEqual([]);
    const numbers = JSON.stringify(story.dossiers).match(/(?<![\d-])\d{9,12}(?![\d-])/g) ?? [];
    expect(numbers.filter((number) => !/^(099\d{9}|0900000\d{3}|99\d{7,10}|0123456789)$/.test(number))).toEqual([]);
  });

  it('tell of each leg that the dossier’s form, procedure and day begin', () => {
    const untold = parsed.flatMap(({ scene, parsed: read }) => {
      const end = story.expected.get(scene.code);
      if (!read.ok || end?.intake !== undefined) return [];
      const { procedure, receivedAt } = read.document.head;
      const begins = book.mappings.filter(
        ({ form, system, procedures }) =>
          form === read.document.head.form &&
          system !== 'one-stop' &&
          (procedures.length === 0 ||
            procedures.some(
              (row) =>
                sameProcedure(row.code, procedure) &&
                (row.from === null || row.from <= receivedAt) &&
                (row.until === null || receivedAt <= row.until),
            )),
      );
      const own = end?.leg === undefined ? [] : [story.chapters.get(scene.code)?.system];
      const told = [...own, ...Object.keys(end?.legs ?? {})].map((name) => name?.split('/')[0]);
      return begins
        .map(({ system }) => system)
        .sort()
        .join() === told.toSorted().join()
        ? []
        : [scene.code];
    });
    expect(untold).toEqual([]);
  });

  it('end in the words of the design', () => {
    const within = (words: readonly string[], word: string) => word === 'absent' || words.includes(word);
    const ends = [...story.expected.values()];
    const legs = ends.flatMap(({ leg, legs: more }) => [...(leg === undefined ? [] : [leg]), ...Object.values(more)]);
    expect(
      legs.filter(({ situation, phase, trust }) => !within(SITUATIONS, situation) || !within(PHASES, phase) || !within(TRUSTS, trust)),
    ).toEqual([]);
    const holds = ends.flatMap(({ holds: asked = [] }) => asked);
    expect(holds.filter(({ kind, desk }) => !within(HOLD_KINDS, kind) || !within(DESKS, desk))).toEqual([]);
  });

  it('never count as equal what nobody can read back', () => {
    const blind = ['residence', 'driving-licence'];
    const wrong = [...story.expected].filter(([code, { leg, legs }]) => {
      const all = { ...legs, ...(leg === undefined ? {} : { [story.chapters.get(code)?.system ?? '']: leg }) };
      return Object.entries(all).some(([system, { trust }]) => blind.includes(system) && trust === 'verified');
    });
    expect(wrong).toEqual([]);
  });

  it('have a clerk for every record that is awaited at a ministry', () => {
    const unknown = [...story.expected].flatMap(([code, { ministry = [] }]) =>
      ministry.flatMap(({ at, kind }) => {
        const system = at ?? story.chapters.get(code)?.system ?? '';
        return clerkOf(story, system, kind ?? '') === undefined ? [`${code} ${system}`] : [];
      }),
    );
    expect(unknown).toEqual([]);
  });
});
