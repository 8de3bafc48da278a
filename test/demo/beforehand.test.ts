import { describe, expect, it } from 'vitest';
import { beginsAtMinistry, typeBeforehand } from '../../src/demo/beforehand.ts';
import { atMinistry } from '../../src/demo/ministry.ts';
import { sceneOf } from '../../src/demo/people.ts';
import type { SimulatedSystem } from '../../src/demo/simulators.ts';
import type { Step, Story } from '../../src/demo/story.ts';
import type { JsonObject } from '../../src/kit/index.ts';

/** A dossier that a ministry took in, beside one that an official enters. */

const THEIRS = 'G17.MAU-000001';
const document = { code: THEIRS, form: 'copy@1' };
const taken: Step = { who: 'ministry', when: 'before', do: 'type', with: { record: { Ho: { Ma: THEIRS, TrangThai: '2' } } } };
const assigned: Step = { who: 'ministry', when: 'accepted', do: 'assign', with: { 'Ho.GhiChu': 'Đang xử lý' } };
const story: Story = {
  dossiers: [document, { code: 'H12-1', form: 'copy@1' }],
  steps: new Map([
    [THEIRS, [taken, assigned]],
    ['H12-1', [{ who: 'official', when: 'taken', do: 'withdraw', with: {} }]],
  ]),
  chapters: new Map([THEIRS, 'H12-1'].map((code) => [code, { system: 'a', result: {} }])),
  clerks: new Map([['a', { code: ['Ho.Ma'], stage: 'Ho.TrangThai', person: {}, entry: ['Ho.Ma'], stages: { assign: '4' }, shows: {} }]]),
  expected: new Map(),
};

function ministry() {
  const rows: JsonObject[] = [];
  const system = {
    records: () => rows.map((record) => ({ id: THEIRS, key: null, record })),
    typeByHand: (_kind: string, record: JsonObject) => String(rows.push(record)),
    advance: (_kind: string, _id: string, stage: string, fields: JsonObject) => {
      rows[0] = { ...rows[0], Ho: { ...(rows[0]?.Ho as JsonObject), TrangThai: stage }, ...fields };
    },
  } as unknown as SimulatedSystem;
  return { rows, people: { ministries: new Map([['a', system]]), story } };
}

describe('a dossier that begins at a ministry', () => {
  it('is typed there beforehand, once however often the demo starts, and is nobody’s to enter', () => {
    const { rows, people } = ministry();
    typeBeforehand(people);
    typeBeforehand(people);
    expect(rows).toEqual([{ Ho: { Ma: THEIRS, TrangThai: '2' } }]);
    expect([THEIRS, 'H12-1', 'H12-2'].map((code) => beginsAtMinistry(story, code))).toEqual([true, false, false]);
  });
  it('is moved on with what the clerk types beside the stage', () => {
    const { rows, people } = ministry();
    typeBeforehand(people);
    if (assigned.who === 'ministry') atMinistry(people, sceneOf(document), assigned, null);
    expect(rows).toEqual([{ Ho: { Ma: THEIRS, TrangThai: '4', GhiChu: 'Đang xử lý' } }]);
  });
});
