import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Invented, Kind } from './dossiers.ts';
import type { Motlan } from './motlan.ts';
import type { HeldRecord, Outside, Province } from './province.ts';

/** The people of a run: the one-stop's software that pushes until it is acknowledged, the ministry's clerks, motlan's operator. */

export const KINDS: readonly Kind[] = ['birth', 'death', 'marriage'];

export interface Counter {
  readonly acknowledged: ReadonlySet<string>;
  /** Typed at the one-stop, pushed until motlan answers 202. */
  enter(dossier: Invented): void;
  waiting(): number;
  /** Answers that are neither 202 nor a reason to try again. */
  readonly refusals: readonly string[];
  close(): Promise<void>;
}

export function openCounter({ url, token }: Motlan): Counter {
  const queue: Invented[] = [];
  const acknowledged = new Set<string>();
  const refusals: string[] = [];
  const stopped = new AbortController();
  const push = async ({ code, body }: Invented): Promise<boolean> => {
    try {
      const answer = await fetch(`${url}/api/v1/dossiers`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(5_000),
      });
      if (answer.status === 202) acknowledged.add(code);
      else if (answer.status < 500 && answer.status !== 429) refusals.push(`${code}: ${answer.status} ${await answer.text()}`);
      else return false;
      return true;
    } catch {
      return false; // no answer, or half of one: nothing was acknowledged
    }
  };
  const works = (async () => {
    while (!stopped.signal.aborted) {
      const [next] = queue;
      if (next !== undefined && (await push(next))) queue.shift();
      else await wait(40);
    }
  })();
  return {
    acknowledged,
    refusals,
    enter: (dossier) => void queue.push(dossier),
    waiting: () => queue.length,
    close: () => {
      stopped.abort();
      return works;
    },
  };
}

const NEXT: Readonly<Record<string, string>> = { 1: '3', 3: '7', 7: '4' };

const stageOf = ({ record }: HeldRecord): string => String(record.trangThai);

/** Clerks take the next step with `most` of the records that are not issued yet; how many they took. */
export async function clerksWork(ministry: Outside, most: number, random: () => number): Promise<number> {
  const open = await openRecords(ministry);
  const chosen = open
    .map((one) => ({ one, at: random() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, most);
  for (const { one } of chosen) await ministry.advance(one.kind, one.id, NEXT[one.stage] ?? '4');
  return chosen.length;
}

async function openRecords(ministry: Outside): Promise<readonly { readonly kind: Kind; readonly id: string; readonly stage: string }[]> {
  const found = await Promise.all(KINDS.map(async (kind) => (await ministry.records(kind)).map((record) => ({ kind, record }))));
  return found.flat().flatMap(({ kind, record }) => {
    const stage = stageOf(record);
    return NEXT[stage] === undefined ? [] : [{ kind, id: record.id, stage }];
  });
}

const holdShape = z.object({
  id: z.string(),
  code: z.string(),
  link: z.string().nullable(),
  kind: z.string(),
  decisions: z.array(z.string()),
});
const dossierShape = z.object({
  status: z.int(),
  legs: z.array(z.object({ system: z.string(), situation: z.string(), phase: z.string().nullable(), trust: z.string().nullable() })),
});
export type OpenHold = z.infer<typeof holdShape>;
export type SeenDossier = z.infer<typeof dossierShape>;

export interface Operator {
  holds(): Promise<readonly OpenHold[]>;
  dossier(code: string): Promise<SeenDossier>;
  /** Looks at the ministry about every effect that nobody is sure of, and says what was seen. */
  clearUp(province: Province): Promise<void>;
}

export function openOperator({ url, token }: Motlan): Operator {
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const answer = await fetch(`${url}/api/v1${path}`, {
      headers,
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    if (!answer.ok && answer.status !== 409) throw new Error(`motlan answered ${answer.status} to ${path}: ${await answer.text()}`);
    return answer.json();
  };
  const holds = async (): Promise<readonly OpenHold[]> => {
    const found: OpenHold[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const query: string = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
      const page = z
        .object({ holds: z.array(holdShape), next: z.string().nullable() })
        .parse(await ask(`/holds?open=true&most=500${query}`));
      found.push(...page.holds);
      after = page.next;
    }
    return found;
  };
  return {
    holds,
    dossier: async (code) => dossierShape.parse(await ask(`/dossiers/${encodeURIComponent(code)}`)),
    async clearUp({ ministry }) {
      const unsure = (await holds()).filter(
        ({ kind, decisions }) => ['unsure', 'unknown-answer'].includes(kind) && decisions.includes('resend'),
      );
      if (unsure.length === 0) return;
      const there = new Set((await Promise.all(KINDS.map((kind) => ministry.records(kind)))).flat().map(({ key }) => key));
      for (const { id, code } of unsure)
        if (!there.has(code)) await ask(`/holds/${encodeURIComponent(id)}/decision`, { decision: 'resend', value: null });
    },
  };
}
