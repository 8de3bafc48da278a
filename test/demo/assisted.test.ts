import { describe, expect, it } from 'vitest';
import type { SeenDossier, ShownSheet } from '../../src/demo/api.ts';
import { recordOf } from '../../src/demo/assisted.ts';
import { isTime } from '../../src/demo/people.ts';
import { atRest } from '../../src/demo/rest.ts';
import { figures } from '../../src/demo/summary.ts';
import type { RecordKind } from '../../src/kit/contract.ts';

const field = (key: string, text: string, is: 'value' | 'asked' | 'cleared' = 'value') => ({ key, text, is });
const sheet = (...fields: readonly ReturnType<typeof field>[]) => ({ screens: [{ title: '', fields }] }) as unknown as ShownSheet;

describe('who types a sheet', () => {
  it('types the texts that stand on it, lists in their order, and leaves what is asked to the papers', () => {
    const shown = sheet(
      field('chu.hoTen', 'Trần Văn Mẫu'),
      field('nganh[1].ma', '0111'),
      field('nganh[2].ma', '4711'),
      field('so', '', 'asked'),
    );
    expect(recordOf(shown, {})).toEqual({ chu: { hoTen: 'Trần Văn Mẫu' }, nganh: [{ ma: '0111' }, { ma: '4711' }] });
  });
  it('empties what is to be emptied, and types otherwise what the story says', () => {
    const shown = sheet(field('ten', 'Mẫu'), field('ghiChu', '', 'cleared'));
    expect(recordOf(shown, { ten: 'Mẩu', 'nganh[1].ma': '01' })).toEqual({ ten: 'Mẩu', ghiChu: null, nganh: [{ ma: '01' }] });
  });
});

type Leg = SeenDossier['legs'][number];
const leg = (given: Partial<Leg>): Leg =>
  ({ system: 'a', record: 'r', situation: 'linked', phase: 'sent', trust: 'sent', externalId: '1', holds: [], ...given }) as unknown as Leg;
const seen = (...legs: readonly Leg[]) => ({ code: 'X', status: 4, holds: [], legs }) as unknown as SeenDossier;
const reads = { read: {}, create: {} } as unknown as RecordKind;
const typed = {} as RecordKind;

describe('a dossier is at rest', () => {
  it('when its record can be read and has its end, or nobody can read it', () => {
    expect(atRest(seen(leg({})), () => reads)).toBe(false);
    expect(atRest(seen(leg({ phase: 'issued' })), () => reads)).toBe(true);
    expect(atRest(seen(leg({})), () => typed)).toBe(true);
  });
  it('while its sheet lies on the desk, but not while a program is to send it or an opened sheet has no number', () => {
    expect(atRest(seen(leg({ situation: 'intended' })), () => typed)).toBe(true);
    expect(atRest(seen(leg({ situation: 'intended' })), () => reads)).toBe(false);
    expect(atRest(seen(leg({ situation: 'unknown' })), () => typed)).toBe(false);
  });
});

describe('the time of a step', () => {
  const at = (when: string) =>
    isTime({ who: 'official', do: 'edit', when, with: {} }, seen(leg({ system: 'tax', record: 'land-payment', phase: 'payment' })));
  it('comes with the phase of any leg, of a system, or of one leg of it', () => {
    expect(['payment', 'tax:payment', 'tax/land-payment:payment', 'tax/land-notice:payment', 'residence:payment'].map(at)).toEqual([
      ...[true, true, true, false, false],
    ]);
  });
});

describe('the figures of a ministry', () => {
  it('count what is there, equal, only declared, back, refused and held, each leg once for a kind of hold', () => {
    const hold = { kind: 'typed-differs' };
    const legs = [
      leg({ trust: 'verified', phase: 'issued' }),
      leg({ trust: 'declared', holds: [hold, hold] as unknown as Leg['holds'] }),
      leg({ externalId: null, trust: null, phase: 'refused', system: 'b' }),
    ];
    expect(figures([seen(...legs)])).toEqual([
      { system: 'a', legs: 2, sent: 2, verified: 1, declared: 1, returned: 1, refused: 0, held: 1, why: { 'typed-differs': 1 } },
      { system: 'b', legs: 1, sent: 0, verified: 0, declared: 0, returned: 0, refused: 1, held: 0, why: {} },
    ]);
  });
});
