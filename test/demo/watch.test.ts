import { describe, expect, it } from 'vitest';
import type { SeenDossier } from '../../src/demo/api.ts';
import type { People } from '../../src/demo/people.ts';
import { answerWeather } from '../../src/demo/watch.ts';
import type { RecordKind } from '../../src/kit/contract.ts';
import type { JsonObject } from '../../src/model/json.ts';

/** The person who answers what bad weather left unsure, with the ministry's records in front of them. */

const CODE = 'H12.31-261124-0001';
const scene = { document: {}, code: CODE, kind: 'note' };
const unsure = { id: 'hold-1', kind: 'unsure', cause: 'unsure:leg', decisions: ['resend', 'link', 'leave'] };
const seen = { legs: [{ system: 'a', record: 'r', holds: [unsure] }] } as unknown as SeenDossier;
const machine = () => ({ create: {} }) as unknown as RecordKind;

async function answered(
  records: readonly { id: string; key: string | null; record: JsonObject }[],
  when: string[] = [],
  kindOf = machine,
  dossier = seen,
) {
  const said: (string | null)[][] = [];
  const people = {
    api: {
      decide: async (...answer: (string | null)[]) => {
        said.push(answer);
        return true;
      },
    },
    oneStop: { records: () => [{ id: CODE, key: null, record: { data: { worker: { personalId: '099090000001' } } } }] },
    ministries: new Map([['a', { records: () => records }]]),
    story: {
      steps: new Map([[CODE, when.map((each) => ({ when: each }))]]),
      clerks: new Map([['a', { code: ['maHoSo'], person: { Cmnd: 'data.worker.personalId' } }]]),
    },
  } as unknown as People;
  return { count: await answerWeather(people, scene, dossier, kindOf), said };
}

describe('who answers the weather', () => {
  it('gives the number of the record that is there, by our key, our code or the person', async () => {
    const there = [{ id: '7', key: null, record: { Cmnd: '099090000001' } }];
    expect((await answered(there)).said).toEqual([['hold-1', 'link', '7']]);
    expect((await answered([{ id: '8', key: CODE, record: {} }])).said).toEqual([['hold-1', 'link', '8']]);
    expect((await answered([{ id: '9', key: null, record: { maHoSo: CODE } }])).said).toEqual([['hold-1', 'link', '9']]);
  });
  it('says that nothing is there when it is somebody else’s', async () => {
    expect((await answered([{ id: '7', key: null, record: { Cmnd: '099090000002' } }])).said).toEqual([['hold-1', 'resend', null]]);
  });
  it('leaves to the story what the story answers, and sheets to who has them', async () => {
    expect((await answered([], ['hold:unsure'])).count).toBe(0);
    expect((await answered([], [], () => ({}) as RecordKind)).count).toBe(0);
  });
  it('leaves alone what is being tried again by itself', async () => {
    const stuck = { ...unsure, kind: 'unknown-answer', cause: 'stuck:leg:answers.status.earlier-step' };
    const tried = { legs: [{ system: 'a', record: 'r', holds: [stuck] }] } as unknown as SeenDossier;
    expect((await answered([{ id: '8', key: CODE, record: {} }], [], machine, tried)).count).toBe(0);
  });
});
