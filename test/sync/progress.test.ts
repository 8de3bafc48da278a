import { describe, expect, test } from 'vitest';
import type { NationalStatus } from '../../src/model/dossier.ts';
import type { OfficialActName, Phase } from '../../src/model/words.ts';
import type { Link, ProgressEntry } from '../../src/store/contract.ts';
import type { EnginePorts, StatusInput, StatusStep } from '../../src/sync/contract.ts';
import { actEntries, deriveFromLegs, officialAct } from '../../src/sync/progress.ts';
import { CODE, dossier, entry, LINK, link, NOON, spoke } from './given.ts';

describe('what the official did, by two statements of the one-stop', () => {
  const read = (
    before: NationalStatus,
    now: NationalStatus,
    supplements: readonly [number, number] = [0, 0],
    derived: NationalStatus = before,
  ) => officialAct({ status: before, supplements: supplements[0] }, { status: now, supplements: supplements[1] }, derived);

  test('a dossier that begins was received where it is accepted or in process, and not where it is only submitted', () => {
    const first = (status: NationalStatus) => officialAct(null, { status, supplements: 0 }, null);
    expect([first(1), first(2), first(3), first(4), first(10)]).toEqual([null, 'received', null, 'received', null]);
  });
  test.each<readonly [NationalStatus, NationalStatus, OfficialActName | null]>([
    [1, 2, 'received'],
    [1, 3, 'refused'],
    [2, 5, 'supplement-asked'],
    [2, 7, 'withdrawn'],
    [4, 8, 'stopped'],
    [9, 10, 'handed-over'],
    [5, 1, 'supplied'],
    [5, 2, 'supplied'],
    [5, 4, 'supplied'],
    [5, 7, 'withdrawn'],
    [2, 4, null],
    [4, 9, null],
    [2, 6, null],
    [6, 4, null],
    [2, 2, null],
  ])('from %i to %i: %s', (before, now, act) => {
    expect(read(before, now)).toBe(act);
  });
  test('a counted supplement is one, though the status stands still or is ours', () => {
    expect(read(4, 4, [0, 1])).toBe('supplied');
    expect(read(5, 4, [1, 2], 4)).toBe('supplied');
    expect(read(4, 4, [1, 1])).toBe(null);
    expect(read(4, 4, [2, 1])).toBe(null);
  });
  test('an end is not hidden by a supplement counted with it', () => {
    expect(read(5, 7, [0, 1])).toBe('withdrawn');
    expect(read(4, 8, [0, 1])).toBe('stopped');
  });
  test('a status we reported ourselves is no act of the official', () => {
    expect(read(4, 5, [0, 0], 5)).toBe(null);
    expect(read(4, 10, [0, 0], 10)).toBe(null);
  });
});

describe('the entries of an act', () => {
  const made = (act: OfficialActName | null, stated: NationalStatus, derived: NationalStatus | null) =>
    actEntries(act, link(), stated, derived, NOON, { kind: 'document', ref: 'd' }).map((one) => `${one.kind} ${one.name}`);

  test('are the act and the status as stated; nothing in between', () => {
    expect(made('handed-over', 10, 2)).toEqual(['act handed-over', 'status 10']);
    expect(made('received', 2, null)).toEqual(['act received', 'status 2']);
    expect(made('supplied', 4, 4)).toEqual(['act supplied']);
    expect(made(null, 9, 4)).toEqual(['status 9']);
    expect(made(null, 4, 4)).toEqual([]);
  });
  test('name their evidence', () => {
    const [first] = actEntries('received', link(), 2, 2, NOON, { kind: 'document', ref: 'd' });
    expect(first).toEqual({
      code: CODE,
      at: NOON,
      link: LINK,
      kind: 'act',
      name: 'received',
      evidence: { kind: 'document', ref: 'd' },
      note: null,
    });
  });
});

describe('the status that follows from the legs', () => {
  const OTHER = `${CODE}/insurer/card`;
  const spokes = new Map([
    ['registry', spoke()],
    ['insurer', spoke({ name: 'insurer' })],
    ['one-stop', spoke({ name: 'one-stop', role: 'one-stop' })],
  ]);
  const oneStop = link({ id: `${CODE}/one-stop/file`, system: 'one-stop' });

  /** Asked once for each step; the answers are given in order. */
  const portsOf = (...answers: readonly StatusStep[]) => {
    const asked: StatusInput[] = [];
    const status = (input: StatusInput): StatusStep => {
      asked.push(input);
      return answers[asked.length - 1] ?? { is: 'none' };
    };
    return { asked, ports: { spokes, status } as unknown as EnginePorts };
  };
  const step = (to: NationalStatus): StatusStep => ({ is: 'step', to });
  const derive = (
    ports: EnginePorts,
    status: NationalStatus,
    progress: readonly ProgressEntry[],
    links: readonly Link[] = [link(), oneStop],
  ) => deriveFromLegs(ports, dossier({}, { status }), links, progress, NOON + 99);

  test('moves along with the phase that is its evidence', () => {
    const { ports } = portsOf(step(4));
    const phase = entry(3, 'phase', 'accepted', { note: 'Đã nhận' });
    const done = derive(ports, 2, [entry(2, 'status', '2'), phase]);
    expect(done.status).toBe(4);
    expect(done.held).toBe(null);
    expect(done.entries).toEqual([
      { code: CODE, at: NOON + 99, link: LINK, kind: 'status', name: '4', evidence: phase.evidence, note: 'Đã nhận' },
    ]);
  });
  test('takes several legal steps one after the other, and no more than four', () => {
    const { ports } = portsOf(step(4), step(9));
    expect(derive(ports, 2, [entry(3, 'phase', 'issued')]).entries.map((one) => one.name)).toEqual(['4', '9']);
    const endless = portsOf(step(4), step(5), step(4), step(5), step(4), step(5));
    expect(derive(endless.ports, 2, [entry(3, 'phase', 'issued')]).entries).toHaveLength(4);
  });
  test('stands still where the rule says so', () => {
    for (const answer of [{ is: 'none' } as const, step(4)]) {
      const { ports } = portsOf(answer);
      expect(derive(ports, 4, [entry(3, 'phase', 'assigned')])).toEqual({ status: 4, entries: [], held: null });
    }
  });
  test('waits for a person where no legal step leads on; what was legal stands', () => {
    const no = { is: 'hold', to: null, vi: 'Không chuyển được.', en: 'No step.' } as const;
    const { ports } = portsOf(step(4), no);
    const done = derive(ports, 2, [entry(3, 'phase', 'refused')]);
    expect([done.status, done.entries.length, done.held]).toEqual([4, 1, no]);
  });
  test('is not derived before any phase was seen, nor twice from one phase', () => {
    const { ports, asked } = portsOf(step(4), step(4));
    expect(derive(ports, 2, [entry(1, 'act', 'received'), entry(2, 'status', '2')]).entries).toEqual([]);
    expect(derive(ports, 4, [entry(3, 'phase', 'accepted'), entry(4, 'status', '4'), entry(5, 'act', 'supplement-asked')]).entries).toEqual(
      [],
    );
    expect(asked).toEqual([]);
  });
  test('catches up with a phase that came while the dossier was paused', () => {
    const { ports } = portsOf(step(4), step(9));
    const story = [entry(3, 'status', '5'), entry(4, 'phase', 'issued'), entry(5, 'act', 'supplied'), entry(6, 'status', '2')];
    expect(derive(ports, 2, story).status).toBe(9);
  });
  test('is asked about the ministries’ legs alone, as they stand', () => {
    const { ports, asked } = portsOf();
    const dead = link({ id: OTHER, system: 'insurer', record: 'card', phase: null, situation: 'ended', impossible: 'source:x' });
    derive(ports, 2, [entry(3, 'phase', 'sent')], [link({ phase: 'sent' }), dead, oneStop]);
    expect(asked[0]).toEqual({
      current: 2,
      before: null,
      act: null,
      legs: [
        { system: 'registry', record: 'file', phase: 'sent', ended: false, impossible: false },
        { system: 'insurer', record: 'card', phase: null, ended: true, impossible: true },
      ],
    });
  });
  test.each<readonly [Phase, boolean]>([
    ['issued', false],
    ['handed-over', true],
    ['refused', true],
  ])('a leg at %s is over: %s', (phase, ended) => {
    const { ports, asked } = portsOf();
    derive(ports, 4, [entry(3, 'phase', phase)], [link({ phase }), oneStop]);
    expect(asked[0]?.legs[0]?.ended).toBe(ended);
  });
  test('a supplement the official has supplied since no longer pauses it', () => {
    const paused = [link({ phase: 'supplement' }), oneStop];
    const phaseNow = (story: readonly ProgressEntry[]) => {
      const { ports, asked } = portsOf();
      derive(ports, 5, story, paused);
      return asked[0]?.legs[0]?.phase;
    };
    expect(phaseNow([entry(3, 'phase', 'supplement')])).toBe('supplement');
    expect(phaseNow([entry(2, 'act', 'supplied'), entry(3, 'phase', 'supplement')])).toBe('supplement');
    expect(phaseNow([entry(3, 'phase', 'supplement'), entry(4, 'act', 'supplied')])).toBe('accepted');
    const elsewhere = entry(5, 'phase', 'supplement', { link: OTHER });
    expect(phaseNow([entry(3, 'phase', 'supplement'), entry(4, 'act', 'supplied'), elsewhere])).toBe('accepted');
  });
  test('remembers where it stood before a pause, also over one it made itself', () => {
    const stoodAt = (status: NationalStatus, story: readonly ProgressEntry[]) => {
      const { ports, asked } = portsOf();
      derive(ports, status, story);
      return asked[0]?.before;
    };
    const phase = entry(9, 'phase', 'accepted');
    expect(stoodAt(5, [entry(1, 'status', '2'), entry(2, 'status', '4'), entry(3, 'status', '5'), phase])).toBe(4);
    expect(stoodAt(6, [entry(1, 'status', '2'), entry(2, 'status', '6'), phase])).toBe(2);
    expect(stoodAt(5, [entry(2, 'status', '5'), phase])).toBe(null);
    expect(stoodAt(4, [entry(1, 'status', '2'), entry(2, 'status', '4'), phase])).toBe(null);
    const { ports, asked } = portsOf(step(5), step(4));
    derive(ports, 4, [phase]);
    expect(asked.map((one) => [one.current, one.before])).toEqual([
      [4, null],
      [5, 4],
      [4, null],
    ]);
  });
});
