import { createHash, randomUUID } from 'node:crypto';
import type { JsonObject, SimulatorAnswer, SimulatorDesk, SimulatorRequest, SimulatorRoute } from '../../../src/kit/index.ts';
import { folded } from '../text.ts';
import { textOf } from './register.ts';

/** The simulated card gateway. A token lives ten minutes by the simulator's clock, whatever it was said to live. */

export const USER = { username: 'mau_96001', password: 'mau-mat-khau' } as const;
const TOKEN_LIVES_MS = 600_000;
const said = (json: JsonObject): SimulatorAnswer => ({ status: 200, json });

export function cardRoutes(desk: SimulatorDesk): readonly SimulatorRoute[] {
  const tokens = new Map<string, { readonly id: string; readonly endsAt: number }>();
  const take = (body: JsonObject): SimulatorAnswer => {
    const md5 = createHash('md5').update(USER.password).digest('hex');
    if (body.username !== USER.username || body.password !== md5) return { status: 401, json: { message: 'sai tài khoản' } };
    const [access, id] = [randomUUID(), randomUUID()];
    tokens.set(access, { id, endsAt: desk.now() + TOKEN_LIVES_MS });
    return said({ APIKey: { access_token: access, id_token: id, expires_in: '2026-11-24T23:59:59' } });
  };
  const isIn = ({ headers }: SimulatorRequest): boolean => {
    const token = tokens.get((headers.authorization ?? '').replace(/^Bearer /u, ''));
    return token !== undefined && token.id === headers['id-token'] && desk.now() < token.endsAt;
  };
  return [
    { method: 'POST', path: '/api/token/take', effect: 'log-in', run: (request) => take(request.json() as JsonObject) },
    {
      method: 'POST',
      path: '/api/egw/NhanLichSuKCB2018',
      effect: 'read',
      run: (request) => (isIn(request) ? lookUp(desk, request.json() as JsonObject) : { status: 401, json: { message: 'hết phiên' } }),
    },
  ];
}

interface Card {
  readonly numbers: readonly string[];
  readonly name: string;
  readonly birth: string;
  readonly card: JsonObject;
}

function lookUp(desk: SimulatorDesk, asked: JsonObject): SimulatorAnswer {
  if (textOf(asked.hoTenCb) === '' || textOf(asked.cccdCb) === '') return said({ maKetQua: '205', ghiChu: 'Thiếu cán bộ tra cứu' });
  const found = cards(desk).find(({ numbers }) => numbers.includes(textOf(asked.maThe)));
  if (found === undefined) return said({ maKetQua: '050', ghiChu: 'Không thấy thông tin thẻ BHYT' });
  if (folded(found.name) !== folded(asked.hoTen)) return said({ maKetQua: '060', ghiChu: 'Thẻ sai họ tên' });
  const birth = textOf(asked.ngaySinh);
  if (birth !== found.birth && birth !== found.birth.slice(-4)) return said({ maKetQua: '070', ghiChu: 'Thẻ sai ngày sinh' });
  return said({ maKetQua: '000', ghiChu: 'Thông tin thẻ chính xác', ...found.card });
}

/** Cards kept as such, and those that a finished TK1-TS brought. */
function cards(desk: SimulatorDesk): readonly Card[] {
  const kept = desk.rows('card').map(({ record }) => {
    const { hoTen, ngaySinh, maKetQua: _result, ghiChu: _remark, ...card } = record;
    return { numbers: [textOf(record.maThe), textOf(record.maThe).slice(5)], name: textOf(hoTen), birth: textOf(ngaySinh), card };
  });
  const issued = desk.rows('child-card').flatMap(({ record, extra }) => {
    const card = extra.card as JsonObject | undefined;
    if (card === undefined) return [];
    const holder = extra.holder as JsonObject;
    const numbers = [card.maThe, textOf(card.maThe).slice(5), holder.cmnd].map(textOf);
    return [{ numbers, name: textOf(holder.Hoten), birth: textOf(holder.Ngaysinh), card: { ...card, gioiTinh: record.Gioitinh ?? '' } }];
  });
  return [...kept, ...issued];
}
