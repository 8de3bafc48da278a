import { createHash } from 'node:crypto';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChangesVerb, FileSource, ListVerb } from '../../src/kit/index.ts';
import { call, openOneStop, readOne, sample, startWorld, typed, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const patchOrder = (
  id: string,
  version: string | null,
  record: Parameters<NonNullable<ReturnType<World['kind']>['update']>['run']>[0]['record'],
) => ({
  id,
  key: id,
  version,
  record,
  files: [],
});

function pdf(text: string): FileSource {
  const bytes = Buffer.from(text, 'utf8');
  const hash = createHash('sha256').update(bytes).digest('hex');
  return {
    mark: { name: 'Giấy khai sinh.pdf', mime: 'application/pdf', sizeBytes: bytes.byteLength, hash, remoteId: null, kind: 'KQ.G15.000031' },
    async *open() {
      yield bytes.subarray(0, 3);
      yield bytes.subarray(3);
    },
  };
}

describe('reading', () => {
  test.each(['birth', 'death', 'marriage'])('a %s dossier is read whole, in the form of its record schema', async (kind) => {
    const code = await typed(world, 1, kind);
    const sighting = await readOne(world, code, kind);
    expect(sighting).toMatchObject({ id: code, version: '1', sequence: 1, covers: 'all' });
    const check = new Ajv2020({ strict: false, validateFormats: false }).compile(world.kind(kind).schema);
    expect(check(sighting?.record), JSON.stringify(check.errors)).toBe(true);
  });

  test('every change raises the revision by one', async () => {
    const code = await typed(world, 1);
    world.simulator.edit('birth', code, { applicant: { phone: '0900000009' } });
    world.simulator.advance('birth', code, '4');
    const sighting = await readOne(world, code);
    expect(sighting).toMatchObject({ version: '3', sequence: 3, record: { status: 4, revision: 3 } });
    expect(sighting?.record.applicant).toMatchObject({ fullName: 'Trần Thị Ví Dụ', phone: '0900000009' });
  });

  test('T17: either of the two codes finds the dossier, and both are kept', async () => {
    const record = await sample(1);
    const code = await typed(world, 1);
    await typed(world, 2);
    const byNational = await world.kind().find?.run({ nationalCode: String(record.nationalCode) }, call());
    expect(byNational?.map((one) => one.id)).toEqual([code]);
    expect((await readOne(world, String(record.nationalCode)))?.record).toMatchObject({ code, nationalCode: record.nationalCode });
    expect(await world.kind().find?.run({ nationalCode: 'G15.99-20261124-0999999' }, call())).toEqual([]);
  });

  test('T8: many codes, short and shuffled answers: each keeps its own, and a missing one is not "not there"', async () => {
    const codes: string[] = [];
    for (let n = 1; n <= 60; n += 1) codes.push(await typed(world, n));
    world.simulator.setFaults({ seed: 5, shortAnswer: 0.3, shuffle: 1 });
    const found = await world.kind().read?.run([...codes, 'H12.41-261124-9999'], call());
    expect(found?.size).toBeLessThan(61);
    for (const [code, sighting] of found ?? []) if (code !== 'H12.41-261124-9999') expect(sighting?.record.code).toBe(code);
    world.simulator.setFaults({ shortAnswer: 0 });
    expect(await readOne(world, 'H12.41-261124-9999')).toBeNull();
  });

  test('changes skip nothing over their pages, and the list is complete while dossiers change', async () => {
    await world.system.close();
    const system = await openOneStop({ ...world.simulator.config, pageSize: 3 });
    for (let n = 1; n <= 8; n += 1) await typed(world, n);
    world.simulator.setFaults({ seed: 2, duplicate: 0.5 });
    const seen = new Set<string>();
    for (let cursor: string | null = null, more = true; more; ) {
      const page: Awaited<ReturnType<ChangesVerb['run']>> | undefined = await system.kinds.birth?.changes?.run(cursor, call());
      for (const touch of page?.touches ?? []) seen.add(String(touch.id));
      cursor = page?.cursor ?? null;
      more = page?.more ?? false;
      if (seen.size < 4) world.simulator.edit('birth', String([...seen][0]), { motlan: { sentence: 'x' } });
    }
    expect(seen.size).toBe(8);
    const listed = new Set<string>();
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<ListVerb['run']>> | undefined = await system.kinds.birth?.list?.run(cursor, call());
      for (const item of page?.items ?? []) listed.add(item.id);
      world.simulator.edit('birth', String([...listed][0]), { motlan: { sentence: `${listed.size}` } });
      cursor = page?.cursor ?? null;
    } while (cursor !== null);
    expect(listed).toEqual(seen);
    await system.close();
  });
});

describe('writing', () => {
  test('T22: the same order twice is one dossier', async () => {
    const record = await sample(1);
    const order = { key: 'link-1', record, files: [] };
    const first = await world.kind().create?.run(order, call());
    expect(await world.kind().create?.run(order, call())).toEqual(first);
    expect(world.simulator.records('birth')).toHaveLength(1);
    expect((await readOne(world, String(record.code)))?.key).toBe('link-1');
  });

  test('T22: a code that is there under another key is "already", and nothing is overwritten', async () => {
    const code = await typed(world, 1);
    const record = { ...(await sample(1)), applicant: { kind: 'citizen', fullName: 'Người Khác' } };
    expect(await world.kind().create?.run({ key: 'link-2', record, files: [] }, call())).toEqual({ is: 'already', id: code });
    expect((await readOne(world, code))?.record.applicant).toMatchObject({ fullName: 'Trần Thị Ví Dụ' });
  });

  test('T22: after a lost answer the same key finds what landed', async () => {
    world.simulator.setFaults({ loseAnswer: 1 });
    const order = { key: 'link-1', record: await sample(1), files: [] };
    await expect(world.kind().create?.run(order, call())).rejects.toMatchObject({ detail: { kind: 'unsure' } });
    world.simulator.setFaults({ loseAnswer: 0 });
    expect(await world.kind().create?.run(order, call())).toMatchObject({ is: 'done', version: '1' });
    expect(world.simulator.records('birth')).toHaveLength(1);
  });

  test('T23: of two writers on one revision the second is told to look again, and changes nothing', async () => {
    const code = await typed(world, 1);
    await world.kind().update?.run(patchOrder(code, '1', { results: { 'civil-status': { number: '12' } } }), call());
    await expect(
      world.kind().update?.run(patchOrder(code, '1', { results: { 'civil-status': { number: '13' } } }), call()),
    ).rejects.toMatchObject({
      detail: { kind: 'stale', scope: 'record' },
    });
    expect((await readOne(world, code))?.record.results).toEqual({ 'civil-status': { number: '12' } });
  });

  test('T23: what belongs to the official alone cannot be written from outside', async () => {
    const code = await typed(world, 1);
    await expect(world.kind().update?.run(patchOrder(code, '1', { status: 9 }), call())).rejects.toMatchObject({
      detail: { kind: 'refused' },
    });
    expect((await readOne(world, code))?.record.status).toBe(2);
  });

  test('a patch changes what it names, and null removes it', async () => {
    const code = await typed(world, 1);
    await world.kind().update?.run(patchOrder(code, '1', { motlan: { sentence: 'Đã gửi', link: '/x' }, results: { a: 1 } }), call());
    await world.kind().update?.run(patchOrder(code, '2', { motlan: { link: null } }), call());
    expect((await readOne(world, code))?.record).toMatchObject({ motlan: { sentence: 'Đã gửi' }, results: { a: 1 } });
    expect((await readOne(world, code))?.record.motlan).not.toHaveProperty('link');
  });

  test('a result paper goes up and comes down whole; the same bytes again are the same file', async () => {
    const code = await typed(world, 1);
    const put = () => world.kind().putFile?.run({ id: code, key: code, file: pdf('%PDF-1.4 mẫu') }, call());
    const mark = await put();
    expect(mark).toEqual({ ...pdf('%PDF-1.4 mẫu').mark, remoteId: mark?.hash });
    expect(await put()).toEqual(mark);
    if (mark === undefined) throw new Error('no file was kept');
    const chunks: Uint8Array[] = [];
    for await (const chunk of (await world.kind().getFile?.run({ id: code, mark }, call())) ?? []) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString('utf8')).toBe('%PDF-1.4 mẫu');
  });

  test('T25: a refusal repeats no value of the record', async () => {
    const code = await typed(world, 1);
    const order = patchOrder(code, '1', { agency: 'BÍ MẬT 099000000001' });
    const error = await world
      .kind()
      .update?.run(order, call())
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(JSON.stringify(error) + String(error) + String((error as Error).stack)).not.toMatch(/BÍ MẬT|099000000001|one-stop-token/u);
  });

  test('a wrong token is a matter of set-up for the whole system', async () => {
    const system = await openOneStop({ ...world.simulator.config, token: 'sai' });
    await expect(system.kinds.birth?.read?.run(['A'], call())).rejects.toMatchObject({ detail: { kind: 'setup', scope: 'system' } });
    expect((await system.probe(call())).map(({ ok }) => ok)).toEqual([false]);
    await system.close();
  });
});

describe('T6, T18: steps of the progress', () => {
  const step = (code: string, actKey: string, status: string) => ({
    id: code,
    key: code,
    actKey,
    record: { status, at: Date.UTC(2026, 10, 24, 2), text: 'Đang xử lý', actor: 'motlan' },
    files: [],
  });
  const send = (code: string, actKey: string, status: string) => world.kind().acts?.step?.run(step(code, actKey, status), call());

  test('are kept in order, the same key once', async () => {
    const code = await typed(world, 1);
    await send(code, 'a', '4');
    await send(code, 'b', '9');
    await send(code, 'a', '4');
    const record = (await readOne(world, code))?.record;
    expect(record?.status).toBe(9);
    expect(record?.progress).toEqual([
      { key: 'a', status: 4, at: '2026-11-24T02:00:00.000Z', text: 'Đang xử lý', actor: 'motlan' },
      { key: 'b', status: 9, at: '2026-11-24T02:00:00.000Z', text: 'Đang xử lý', actor: 'motlan' },
    ]);
  });

  test.each(['1', '10', '11', '0', 'x'])('status %s after 2 is refused, and leaves no trace', async (status) => {
    const code = await typed(world, 1);
    await expect(send(code, 'a', status)).rejects.toMatchObject({ detail: { kind: 'refused', code: 'answers.step.illegal-step' } });
    expect((await readOne(world, code))?.record).toMatchObject({ status: 2, revision: 1 });
  });

  test('officials too go along the legal graph, and a supplement given is counted', async () => {
    const code = await typed(world, 1);
    world.simulator.advance('birth', code, '5');
    world.simulator.advance('birth', code, '2', { data: { child: { ethnic: '01' } } });
    expect((await readOne(world, code))?.record).toMatchObject({
      status: 2,
      supplements: 1,
      data: { child: { ethnic: '01', sex: 'male' } },
    });
    world.simulator.advance('birth', code, '7');
    expect(() => world.simulator.advance('birth', code, '4')).toThrow(RangeError);
  });
});
