import { describe, expect, it } from 'vitest';
import type { SeenDossier } from '../../src/demo/api.ts';
import { compare } from '../../src/demo/compare.ts';
import { sceneOf } from '../../src/demo/people.ts';
import { clerkOf, nested, readStory, type Story, valueAt } from '../../src/demo/story.ts';
import type { JsonObject } from '../../src/model/json.ts';

const CODE = 'H12.15-261124-0001';
const document: JsonObject = { code: CODE, nationalCode: 'G15.99-1', form: 'birth@1', agency: 'H12.15' };
const story: Story = {
  dossiers: [document],
  steps: new Map(),
  chapters: new Map([[CODE, { system: 'civil-status', result: {} }]]),
  clerks: new Map([
    ['civil-status', { code: ['maHoSoMCDT'], stage: 'trangThai', result: 'ketQuaXuLy', person: {}, entry: [], stages: {}, shows: {} }],
  ]),
  expected: new Map([
    [
      CODE,
      {
        about: '',
        status: '9',
        ministry: [{ key: { nksHoTen: 'Trần Văn Mẫu' }, stage: '4', fields: { meHoTen: 'Lê Thị Mẫu', chaHoTen: 'absent' } }],
        'one-stop': { results: { number: '101' }, data: { 'child.sex': 'male' } },
        leg: { situation: 'linked', phase: 'issued', trust: 'verified' },
        legs: {},
        holds: [],
      },
    ],
  ]),
};
const leg = { system: 'civil-status', record: 'birth', situation: 'linked', phase: 'issued', trust: 'verified', holds: [] };
const seen = { code: CODE, nationalCode: 'G15.99-1', status: 9, legs: [leg], holds: [] } as unknown as SeenDossier;
const typed: JsonObject = { status: 9, data: { child: { sex: 'male' } }, results: { 'civil-status': { number: '101' } } };
const record: JsonObject = { maHoSoMCDT: CODE, nksHoTen: 'TRẦN VĂN MẪU', trangThai: '4', meHoTen: 'Lê Thị Mẫu' };

interface World {
  readonly ministry?: readonly JsonObject[];
  readonly oneStop?: JsonObject;
  readonly dossier?: SeenDossier | null;
}
const differences = ({ ministry = [record], oneStop = typed, dossier = seen }: World) =>
  compare(
    {
      api: { dossier: async () => dossier, refusal: async () => null },
      oneStop: { records: () => [{ id: CODE, key: null, record: oneStop }] },
      ministries: new Map([
        ['civil-status', { recordKinds: ['birth'], records: () => ministry.map((one, n) => ({ id: String(n), key: null, record: one })) }],
      ]),
    },
    story,
  );

describe('the comparer of the demo', () => {
  it('finds nothing where both sides stand as written down', async () => expect(await differences({})).toEqual([]));

  it('finds a record too many, one too few and one that belongs to nobody', async () => {
    expect((await differences({ ministry: [record, record] })).map(({ what }) => what)).toContain('civil-status/birth records');
    expect((await differences({ ministry: [] })).map(({ what }) => what)).toContain('civil-status/birth record');
    const stranger = { maHoSoMCDT: 'X', nksHoTen: 'Người Lạ Mẫu' };
    expect((await differences({ ministry: [record, stranger] })).map(({ code }) => code)).toEqual(['civil-status/birth/1']);
  });

  it('finds another stage, another field and a field that should not be there', async () => {
    const found = await differences({ ministry: [{ ...record, trangThai: '3', meHoTen: 'Lê Thị Khác', chaHoTen: 'Có Cha Mẫu' }] });
    expect(found.map(({ what }) => what)).toEqual([
      'civil-status/birth stage',
      'civil-status/birth meHoTen',
      'civil-status/birth chaHoTen',
    ]);
  });

  it('finds another status, result or value in the one-stop, another leg and an open hold', async () => {
    expect((await differences({ oneStop: { ...typed, status: 4 } })).map(({ what }) => what)).toEqual(['one-stop status']);
    expect((await differences({ oneStop: { ...typed, results: {} } })).map(({ what }) => what)).toEqual(['results.civil-status.number']);
    expect((await differences({ oneStop: { ...typed, data: {} } })).map(({ what }) => what)).toEqual(['data.child.sex']);
    const held = { ...leg, trust: 'sent', holds: [{ kind: 'conflict', desk: 'official', closedAt: null }] };
    const found = await differences({ dossier: { ...seen, legs: [held] } as unknown as SeenDossier });
    expect(found.map(({ what }) => what)).toEqual(['civil-status trust', 'holds']);
    expect((await differences({ dossier: null })).map(({ what }) => what)).toContain('hub');
    const more = { ...seen, legs: [leg, { ...leg, system: 'residence', record: 'registration' }] } as unknown as SeenDossier;
    expect((await differences({ dossier: more })).map(({ what }) => what)).toEqual(['leg residence/registration']);
  });
});

describe('the story that ships', () => {
  it('has at least forty dossiers, each with an expectation, and no step for a dossier that is not there', async () => {
    const shipped = await readStory(new URL('../../config/demo', import.meta.url).pathname);
    const codes = shipped.dossiers.map(({ code }) => code);
    expect(codes.length).toBeGreaterThanOrEqual(40);
    expect([...shipped.expected.keys()].sort()).toEqual([...codes].sort());
    for (const code of shipped.steps.keys()) expect(codes).toContain(code);
  });
  it('has a clerk who knows each word wherever one acts', async () => {
    const shipped = await readStory(new URL('../../config/demo', import.meta.url).pathname);
    const { steps, chapters } = shipped;
    const kinds = new Map(shipped.dossiers.map(sceneOf).map(({ code, kind }) => [code, kind]));
    const unknown = [...steps].flatMap(([code, list]) =>
      list.flatMap((step) => {
        if (step.who !== 'ministry' || step.do === 'type' || step.do === 'edit') return [];
        const system = step.at ?? chapters.get(code)?.system ?? '';
        return clerkOf(shipped, system, step.kind ?? kinds.get(code) ?? '')?.stages[step.do] === undefined
          ? [`${code} ${system} ${step.do}`]
          : [];
      }),
    );
    expect(unknown).toEqual([]);
  });
  it('reads and writes dotted paths', () => {
    expect(nested({ 'a.b': 1, 'a.c': 2, d: 3 })).toEqual({ a: { b: 1, c: 2 }, d: 3 });
    expect(valueAt({ a: { b: 1 } }, 'a.b')).toBe(1);
    expect(valueAt({ a: 1 }, 'a.b')).toBeUndefined();
  });
});
