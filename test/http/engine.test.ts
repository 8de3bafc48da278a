import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse, type Running, startHouse } from '../../src/assemble.ts';
import { HOUSE, readConfig } from '../../src/config.ts';
import { demoKey, masterOf } from '../../src/demo/key.ts';
import { pointedAt, startSimulators } from '../../src/demo/simulators.ts';
import { readStory } from '../../src/demo/story.ts';
import { hashSecret, SCOPES } from '../../src/http/accounts.ts';
import type { Simulator } from '../../src/kit/contract.ts';
import { openLog } from '../../src/log.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { realClock } from '../../src/ports.ts';

/** The whole house: real engine, real store, simulated systems, over real sockets. */

const TOKEN = 'a-token-for-this-test-only';
let folder = '';
let house: House;
let running: Running;
let simulators: ReadonlyMap<string, Simulator>;
let documents: readonly JsonObject[] = [];
const logged: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'motlan-house-'));
  const config = await readConfig(join(HOUSE, 'config/default.yaml'), { env: { MOTLAN_DATA: folder, PORT: '0' }, workingFolder: folder });
  simulators = await startSimulators(config, join(folder, 'simulators'), realClock);
  const log = openLog('debug', { write: (line: string) => void logged.push(line) });
  house = await openHouse(pointedAt(config, simulators), { log, keys: masterOf((await demoKey(folder)).key) });
  running = await startHouse(house);
  await house.store.write((tx) =>
    tx.tokens.insert({
      ...{ id: 't', name: 'counter', scopes: [...SCOPES], agencies: null, createdAt: 0, expiresAt: null, revokedAt: null },
      hash: hashSecret(TOKEN),
    }),
  );
  documents = (await readStory(join(HOUSE, 'config/demo'))).dossiers.filter(({ form }) => form === 'birth@1');
});
afterAll(async () => {
  await running.stop();
  for (const simulator of simulators.values()) await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

const call = (path: string, body?: unknown) =>
  fetch(`${running.url}/api/v1${path}`, {
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
const codeOf = (document: JsonObject | undefined): string => String(document?.code);
const documentOf = (code: string): JsonObject => documents.find((one) => one.code === code) ?? {};

async function until<T>(look: () => Promise<T>, fits: (seen: T) => boolean): Promise<T> {
  for (let n = 0; n < 300; n += 1) {
    const seen = await look();
    if (fits(seen)) return seen;
    await realClock.sleep(50);
  }
  throw new Error('it did not come to this in 15 seconds');
}
const legOf = async (code: string): Promise<{ situation: string; phase: string; externalId: string | null; id: string }> =>
  (
    (await (await call(`/dossiers/${code}`)).json()) as {
      legs: { situation: string; phase: string; externalId: string | null; id: string }[];
    }
  ).legs[0] ?? { situation: '', phase: '', externalId: null, id: '' };

describe('a dossier through the whole house', () => {
  it('pushed twice stands once at the ministry, and can be seen with its sentence', async () => {
    const [first] = documents;
    const code = codeOf(first);
    simulators.get('one-stop')?.typeByHand('birth', first ?? {});
    const answers = [await call('/dossiers', first), await call('/dossiers', first)];
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    await until(
      () => legOf(code),
      ({ situation, phase }) => situation === 'linked' && phase === 'sent',
    );
    const records = simulators.get('civil-status')?.records('birth') ?? [];
    expect(records.filter(({ record }) => record.maHoSoMCDT === code)).toHaveLength(1);
    expect(await (await call(`/dossiers/${code}`)).text()).toContain('Đã gửi sang phần mềm hộ tịch lúc');
  });

  it('a check tells by when the dossier and each leg would be due, by the terms that ship', async () => {
    const late = { ...documents[1], receivedAt: '2026-11-20T15:30:00+07:00', dueAt: undefined };
    const { deadline, legs } = (await (await call('/dossiers/check', late)).json()) as {
      deadline: { dueAt: string };
      legs: { system: string; deadline: { dueAt: string; explanation: { vi: string }[] } }[];
    };
    expect([deadline.dueAt, legs.map((leg) => leg.deadline.dueAt)]).toEqual(['2026-11-23T10:00:00.000Z', ['2026-11-23T10:00:00.000Z']]);
    expect(legs[0]?.deadline.explanation.map(({ vi }) => vi)).toContain('Sau 15:00 nên tính từ ngày làm việc kế tiếp, 23/11/2026.');
  });

  it('check stores nothing; an expired procedure is refused with what replaces it', async () => {
    const [, second] = documents;
    expect((await call('/dossiers/check', second)).status).toBe(200);
    expect((await call(`/dossiers/${codeOf(second)}`)).status).toBe(404);
    const refused = await call('/dossiers', documentOf('H12.31-261110-0022'));
    const problem = (await refused.json()) as { code: string; issues: { vi: string }[] };
    expect([refused.status, problem.code]).toEqual([422, 'expired-procedure']);
    expect(problem.issues[0]?.vi).toContain('3.000722');
  });

  it('a paused system is left alone until it is resumed', async () => {
    const third = documents[2] ?? {};
    expect((await call('/systems/civil-status/pause', {})).status).toBe(200);
    simulators.get('one-stop')?.typeByHand('birth', third);
    expect((await call('/dossiers', third)).status).toBe(202);
    await realClock.sleep(500);
    expect(
      simulators
        .get('civil-status')
        ?.records('birth')
        .some(({ record }) => record.maHoSoMCDT === codeOf(third)),
    ).toBe(false);
    expect((await call('/systems/civil-status/resume', {})).status).toBe(200);
    expect((await call(`/links/${encodeURIComponent((await legOf(codeOf(third))).id)}/wake`, {})).status).toBe(202);
    await until(
      () => legOf(codeOf(third)),
      ({ situation }) => situation === 'linked',
    );
  });

  it('a value the mapping cannot carry waits for the integrator, who sees the incident', async () => {
    const held = documentOf('H12.31-261103-0009');
    simulators.get('one-stop')?.typeByHand('birth', held);
    await call('/dossiers', held);
    const { incidents } = await until(
      async () => (await (await call('/incidents')).json()) as { incidents: { kind: string; desk: string }[] },
      (seen) => seen.incidents.length > 0,
    );
    expect(incidents[0]).toMatchObject({ kind: 'unknown-code', desk: 'integrator' });
  });

  it('an answer from outside without a proof is refused', async () => {
    const answer = await fetch(`${running.url}/callbacks/one-stop?kind=birth`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(401);
  });

  it('leaves no value of any of these dossiers in the log (T25)', () => {
    const text = logged.join('');
    expect(logged.length).toBeGreaterThan(0);
    for (const document of documents.slice(0, 3)) {
      const { applicant, data } = document as { applicant: { fullName: string }; data: { child: { fullName: string } } };
      for (const value of [applicant.fullName, data.child.fullName, '099095900001']) expect(text).not.toContain(value);
    }
  });
});
