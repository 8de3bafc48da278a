import { expect } from 'vitest';
import type { Clock } from '../../src/model/ports.ts';
import type { Phase } from '../../src/model/words.ts';
import type { ProgressEntry } from '../../src/store/contract.ts';
import type { TermRow } from '../../src/sync/deadlines.ts';
import { at, shipped } from '../model/calendars.ts';
import { CIVIL, document, type House, linkTo, openHouse } from './given.ts';

/** An API in which it is Wednesday 25/11/2026, 09:00, and some terms are known. */

const NOW = at('2026-11-25 09:00');
const clock: Clock = { now: () => NOW, sleep: async () => undefined };
const term = (leg: string | null, count: number, procedure = '1.001193'): TermRow => ({
  ...{ procedure, leg, term: { unit: 'day', count } },
  from: '',
  until: '9999-12-31',
});
const TERMS = [term(null, 3), term('civil-status', 2), term('insurance', 1, '1.000894')];

export const openDueHouse = (): Promise<House> =>
  openHouse({}, null, {
    clock,
    deadlines: { calendar: shipped, terms: TERMS },
    needs: new Map([['insurance.card', ['results.civil-status.personalId']]]),
    spokes: new Map([CIVIL, { ...CIVIL, name: 'insurance' }].map((spoke) => [spoke.name, spoke])),
  });

type Told = readonly (readonly [when: string, kind: ProgressEntry['kind'], name: string, leg?: boolean])[];
export interface Given {
  readonly received: string;
  readonly told?: Told;
  readonly status?: number;
  readonly phase?: Phase | null;
  readonly head?: Readonly<Record<string, unknown>>;
}

/** Takes a dossier in and writes what happened to it since. */
export async function stands(
  house: House,
  token: string,
  code: string,
  { received, told = [], status = 4, phase = 'sent', head = {} }: Given,
): Promise<void> {
  const body = document(code, { receivedAt: new Date(at(received)).toISOString(), status, ...head });
  const answer = await house.call('/api/v1/dossiers', { method: 'POST', token, body: JSON.stringify(body) });
  expect(answer.status).toBe(202);
  const link = linkTo(code);
  await house.store.write(async (tx) => {
    const first = {
      code,
      at: at(received),
      link: null,
      kind: 'status' as const,
      name: '2',
      evidence: { kind: 'document' as const, ref: 'd' },
      note: null,
    };
    const entries = told.map(([when, kind, name, leg]) => ({ ...first, at: at(when), kind, name, link: leg === true ? link.id : null }));
    await tx.progress.append([first, ...entries]);
    await tx.links.save({ ...link, phase, situation: phase === null ? 'waiting' : 'linked' });
  });
}
