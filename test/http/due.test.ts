import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDueHouse, stands } from './due-given.ts';
import { document, type House } from './given.ts';

let house: House;
let token = '';
beforeAll(async () => {
  house = await openDueHouse();
  token = await house.token();
});
afterAll(() => house.close());

const get = async <T>(path: string, by = token): Promise<T> => {
  const answer = await house.call(`/api/v1${path}`, { token: by });
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
};
describe('a dossier as people look at it', () => {
  it('tells when it is due, every step of the reckoning, and warns before a second supplement', async () => {
    const code = 'H12.15-261124-1020';
    await stands(house, token, code, {
      received: '2026-11-20 16:10',
      told: [
        ['2026-11-23 10:00', 'act', 'supplement-asked'],
        ['2026-11-23 10:00', 'status', '5'],
        ['2026-11-24 09:00', 'act', 'supplied'],
        ['2026-11-24 09:00', 'status', '4'],
      ],
    });
    const { deadline, legs } = await get<{ deadline: Record<string, unknown>; legs: { deadline: { dueAt: string; warning: null } }[] }>(
      `/dossiers/${code}`,
    );
    expect(deadline).toMatchObject({
      state: 'running',
      verdict: 'on-time',
      source: 'term',
      dueAt: '2026-11-27T10:00:00.000Z',
      supplements: 1,
      undecided: [],
    });
    expect((deadline.explanation as { vi: string }[]).map(({ vi }) => vi)).toEqual([
      'Tính từ 16:10 ngày 20/11/2026.',
      'Sau 15:00 nên tính từ ngày làm việc kế tiếp, 23/11/2026.',
      'Thời hạn 3 ngày làm việc.',
      'Không tính 21/11/2026: thứ Bảy.',
      'Không tính 22/11/2026: Chủ nhật.',
      'Trừ thời gian bổ sung từ 10:00 ngày 23/11/2026 đến 09:00 ngày 24/11/2026: 1 ngày làm việc.',
      'Hạn: 17:00 ngày 27/11/2026.',
    ]);
    expect((deadline.warning as { vi: string }).vi).toContain('bị tính là quá hạn');
    expect(legs[0]?.deadline).toMatchObject({ dueAt: '2026-11-25T10:00:00.000Z', warning: null });
  });

  it('checked before it is taken, it is told what it would be due by', async () => {
    const checked = async (receivedAt: string) => {
      const body = JSON.stringify(document('H12.15-261124-1021', { receivedAt }));
      const answer = await house.call('/api/v1/dossiers/check', { method: 'POST', token, body });
      expect(answer.status).toBe(200);
      return (await answer.json()) as { deadline: { dueAt: string; explanation: { vi: string }[] } };
    };
    expect((await checked('2026-11-25T14:00:00+07:00')).deadline.dueAt).toBe('2026-11-30T10:00:00.000Z');
    expect((await checked('2026-11-25T15:30:00+07:00')).deadline.dueAt).toBe('2026-12-01T10:00:00.000Z');
  });
});
