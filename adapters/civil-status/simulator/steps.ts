import type { Json, JsonObject, SimulatorAnswer, SimulatorDesk, SimulatorRow } from '../../../src/kit/index.ts';
import type { Kinds } from './calls.ts';

/** The national linked service in miniature: takes the steps of a dossier in order and says so in the sentences of §5. */

/** Which step must have been taken before. 5 also follows a result issued by the ministry itself. */
const BEFORE: Readonly<Record<number, number | null>> = { 1: null, 2: 1, 3: 1, 6: 1, 7: 3, 4: 7, 5: 4 };

const SAID = {
  done: 'Cập nhật trạng thái thành công',
  unknown: 'Hồ sơ không tồn tại',
  again: 'Trạng thái đã tồn tại trong một cửa điện tử',
  handedOver: 'Hồ sơ đã trả kết quả, không được cập nhật trạng thái',
  issued: 'Hồ sơ đã có kết quả xử lý. Không thể cập nhật trạng thái',
  refused: 'Hồ sơ bị từ chối. Không thể cập nhật trạng thái',
  early: 'Trạng thái trước chưa được gửi không thể cập nhật trạng thái',
  wrong: 'Logic xử lý không hợp lệ',
} as const;

export function step(kinds: Kinds, desk: SimulatorDesk, body: JsonObject): SimulatorAnswer {
  const found = rowOf(kinds, desk, typeof body.maHoSo === 'string' ? body.maHoSo : '');
  if (found === null) return say('unknown', 1);
  const [kind, row] = found;
  const status = Number(body.trangThai);
  const taken = stepsOf(row);
  const word = verdict(row, taken, status);
  if (word !== 'done') return say(word, 1);
  const stage = status === 5 ? { stage: '5' } : {};
  desk.change(kind, row.id, { ...stage, extra: { steps: [...taken, status] } }, `step-${status}`);
  return say('done', 0);
}

function verdict(row: SimulatorRow, taken: readonly number[], status: number): keyof typeof SAID {
  if (!Object.hasOwn(BEFORE, status)) return 'wrong';
  if (taken.includes(5) || row.stage === '5') return 'handedOver';
  if (taken.includes(status) && status !== 2) return 'again';
  // Whoever has the ministry's refusal takes no step towards another end, and asks for none before the word of it (INFERENCE).
  if (row.stage === '6') return status === 6 ? 'done' : 'refused';
  const before = BEFORE[status] ?? null;
  if (status === 5) return row.stage === '4' || taken.includes(4) ? 'done' : 'early';
  if (taken.includes(4)) return 'issued';
  return before === null || taken.includes(before) ? 'done' : 'early';
}

export const stepsOf = (row: SimulatorRow): readonly number[] => (row.extra.steps ?? []) as readonly Json[] as readonly number[];

const say = (word: keyof typeof SAID, errors: number): SimulatorAnswer => ({
  status: 200,
  json: { type: 'about:blank', title: SAID[word], status: errors === 0 ? 200 : 400, traceId: 'mau', errors: null },
});

function rowOf(kinds: Kinds, desk: SimulatorDesk, key: string): readonly [string, SimulatorRow] | null {
  for (const kind of kinds.keys()) {
    const row = desk.byKey(kind, key);
    if (row !== null) return [kind, row];
  }
  return null;
}
