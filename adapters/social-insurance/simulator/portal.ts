import { readFileSync } from 'node:fs';
import type {
  Json,
  JsonObject,
  RouteEffect,
  SimulatorAnswer,
  SimulatorDesk,
  SimulatorRequest,
  SimulatorRow,
} from '../../../src/kit/index.ts';
import { FILINGS, type FilingKind, isFormOf } from '../endpoint.ts';
import { CODES } from '../portal.ts';
import { besideOf, statusOf, textOf } from './register.ts';

/** What the simulated portal answers: one path, the operation is a code in the message. */

const said = (json: JsonObject): SimulatorAnswer => ({ status: 200, json });
const refused = (message: string): SimulatorAnswer => said({ success: false, message, errors: [] });

const messageOf = (request: SimulatorRequest) => {
  const body = request.json() as JsonObject;
  return { code: textOf(body.code), data: (body.data ?? {}) as JsonObject };
};

/** 084 writes. 092 has no weather of its own: the faults of a filing are met at the filing. */
export function portalEffect(request: SimulatorRequest): RouteEffect {
  const { code } = messageOf(request);
  if (code === CODES.submit) return 'write';
  return code === CODES.batch ? 'log-in' : 'read';
}

export function portal(desk: SimulatorDesk, request: SimulatorRequest): SimulatorAnswer {
  const { code, data } = messageOf(request);
  const run = OPERATIONS[code];
  if (textOf(data.macoquanuser) === '' || textOf(data.loaidoituonguser) === '') return refused('Thiếu thông tin người dùng');
  return run === undefined ? refused('Mã dịch vụ chưa được hỗ trợ') : run(desk, data);
}

const OPERATIONS: Readonly<Record<string, (desk: SimulatorDesk, data: JsonObject) => SimulatorAnswer>> = {
  [CODES.procedures]: () => said({ success: true, DSThuTuc: ['600', '601', '604'].map((maThuTuc) => ({ maThuTuc })) as unknown as Json }),
  [CODES.batch]: (desk, data) => said({ dot: nextBatch(desk, data) }),
  [CODES.submit]: submit,
  [CODES.history]: history,
  [CODES.detail]: detail,
  [CODES.trace]: trace,
};

interface Filed {
  readonly kind: FilingKind;
  readonly row: SimulatorRow;
}
const filed = (desk: SimulatorDesk): readonly Filed[] =>
  FILINGS.flatMap((kind) => desk.rows(kind).map((row) => ({ kind, row }))).sort((a, b) => Number(a.row.id) - Number(b.row.id));

const SAME = ['masobhxhuser', 'maThuTuc', 'kyKeKhai'] as const;

function nextBatch(desk: SimulatorDesk, data: JsonObject): number {
  const same = filed(desk).filter(({ row }) => SAME.every((name) => textOf(row.extra[name]) === textOf(data[name])));
  return 1 + Math.max(0, ...same.map(({ row }) => Number(row.extra.dot)));
}

const MANDATORY: Readonly<Record<FilingKind, Readonly<Record<string, string>>>> = {
  'child-card': { Hoten: 'Họ và tên', Ngaysinh: 'Ngày sinh', cmnd: 'Số định danh' },
  'labour-change': { Hoten: 'Họ và tên', pa: 'Phương án', tuThang: 'Từ tháng' },
  'enterprise-unit': { TenDonVi: 'Tên đơn vị', MaSoThue: 'Mã số thuế' },
  'household-unit': { TenDonVi: 'Tên đơn vị', MaSoThue: 'Mã số thuế' },
};
const properties = (kind: FilingKind): JsonObject =>
  (JSON.parse(readFileSync(new URL(`../records/${kind}.schema.json`, import.meta.url), 'utf8')) as { properties: JsonObject }).properties;
const FIELDS: Readonly<Record<FilingKind, JsonObject>> = {
  'child-card': properties('child-card'),
  'labour-change': properties('labour-change'),
  'enterprise-unit': properties('enterprise-unit'),
  'household-unit': properties('household-unit'),
};

/** Saves a form. A twin is saved as a second file: the portal takes no key of ours. */
function submit(desk: SimulatorDesk, data: JsonObject): SimulatorAnswer {
  const form = data.toKhai as JsonObject | undefined;
  const kind = FILINGS.find((one) => isFormOf(one, data.maToKhai, form ?? {}));
  if (kind === undefined || form === undefined) return refused('Tờ khai không tồn tại');
  const faults = faultsIn(kind, form);
  if (faults.length > 0) return refused(faults.join('; '));
  const { maThuTuc, dot, kyKeKhai, masobhxhuser } = data;
  const about = { maThuTuc: maThuTuc ?? '', dot: Number(dot), kyKeKhai: kyKeKhai ?? '', masobhxhuser: masobhxhuser ?? '' };
  const whole = kind === 'labour-change' ? { ...form, kyKeKhai: kyKeKhai ?? '', masobhxhuser: masobhxhuser ?? '' } : form;
  const row = desk.add(kind, { key: null, record: whole, extra: besideOf(kind, form, desk.now(), about) });
  return said({ success: true, message: 'Lưu thành công', thuTucId: Number(row.id) });
}

function faultsIn(kind: FilingKind, form: JsonObject): readonly string[] {
  const missing = Object.entries(MANDATORY[kind]).flatMap(([name, label]) =>
    textOf(form[name]).trim() === '' ? [`${label} không được để trống`] : [],
  );
  const gender = form.Gioitinh === undefined || form.Gioitinh === '1' || form.Gioitinh === '0' ? [] : ['Giới tính không hợp lệ'];
  const strange = Object.keys(form).some((name) => FIELDS[kind][name] === undefined) ? ['Tờ khai có trường không hợp lệ'] : [];
  return [...missing, ...gender, ...strange];
}

/** 085: every filing of the unit that fits the filters, in the order of filing; numbers as the portal writes them. */
function history(desk: SimulatorDesk, data: JsonObject): SimulatorAnswer {
  const wanted = SAME.filter((name) => textOf(data[name]) !== '');
  const rows = filed(desk).filter(({ row }) => wanted.every((name) => textOf(row.extra[name]) === textOf(data[name])));
  const size = Number(data.PageSize);
  const from = (Number(data.PageIndex) - 1) * size;
  const page = rows.slice(from, from + size).map(({ row }, index) => ({
    ...headOf(row),
    maCoQuan: '09600',
    tenCoQuan: 'BHXH mẫu',
    rowNumber: from + index + 1,
    totalRecords: rows.length,
  }));
  return said({ DSThuTuc: desk.answered(page) as unknown as Json, TotalRecords: rows.length });
}

/** A period as a number loses its zero, as it does at the real portal. */
const headOf = (row: SimulatorRow): JsonObject => ({
  id: Number(row.id),
  status: statusOf(row),
  soHoSo: row.extra.soHoSo ?? null,
  maThuTuc: row.extra.maThuTuc ?? '',
  kyKeKhai: Number(row.extra.kyKeKhai),
  dot: row.extra.dot ?? 1,
  maToKhai: row.extra.maToKhai ?? '',
  masobhxhuser: row.extra.masobhxhuser ?? '',
});

function detail(desk: SimulatorDesk, data: JsonObject): SimulatorAnswer {
  const found = filed(desk).find(({ row }) => row.id === String(data.id));
  if (found === undefined) return refused('Hồ sơ không tồn tại');
  const { kyKeKhai: _period, masobhxhuser: _unit, ...toKhai } = found.row.record;
  const [answer] = desk.answered([{ ...headOf(found.row), toKhai: found.kind === 'labour-change' ? toKhai : found.row.record }]);
  return said({ success: true, data: answer ?? null });
}

const STEPS = [
  { stage: 'nhan', Tenphongban: 'Bộ phận tiếp nhận', Tinhtrang: 'Đã tiếp nhận' },
  { stage: 'xu-ly', Tenphongban: 'Phòng Quản lý thu - sổ, thẻ', Tinhtrang: 'Đang xử lý' },
  { stage: 'xong', Tenphongban: 'Bộ phận tiếp nhận', Tinhtrang: 'Đã trả kết quả' },
] as const;

const TITLES: Readonly<Record<FilingKind, string>> = {
  'child-card': 'Cấp thẻ BHYT',
  'labour-change': 'Báo tăng, giảm lao động',
  'enterprise-unit': 'Đăng ký đơn vị tham gia',
  'household-unit': 'Đăng ký đơn vị tham gia',
};

/** 019: there from the day the file is in hand. */
function trace(desk: SimulatorDesk, data: JsonObject): SimulatorAnswer {
  const found = filed(desk).find(({ row }) => row.extra.soHoSo === data.soHoSo && data.soHoSo !== undefined);
  if (found === undefined || found.row.stage === 'nhan') return refused('Không tìm thấy vết xử lý');
  const { row } = found;
  const reached = STEPS.findIndex(({ stage }) => stage === row.stage);
  const steps = STEPS.slice(0, (reached < 0 ? 1 : reached) + 1).map(({ stage: _stage, ...step }, index) => ({
    Buoc: index + 1,
    ...step,
    Canboxuly: 'Cán bộ mẫu',
    Lichsuquitrinhxulys: [{ Hanhdong: step.Tinhtrang, Thoigianxuly: `${dayOf(row.at)} 08:00:00` }],
  }));
  const isDone = row.stage === 'xong';
  return said({
    info: {
      Tthoso: {
        Sohoso: String(row.extra.soHoSo),
        Tenthutuc: TITLES[found.kind],
        Ngayhentra: dayOf(row.at + 5 * 86_400_000),
        Ngayxulyxong: isDone ? dayOf(row.at) : null,
      },
    },
    Quatrinh: steps as unknown as Json,
  });
}

const dayOf = (at: number): string => new Date(at + 7 * 3_600_000).toISOString().slice(0, 10).split('-').reverse().join('/');
