import {
  controlRoutes,
  type Json,
  type JsonObject,
  runAlone,
  runSimulator,
  type Simulator,
  type SimulatorAnswer,
  type SimulatorDesk,
  type SimulatorRow,
  type StartSimulator,
} from '../../src/kit/index.ts';
import { readForm, writeForm } from './eform.ts';
import { readStamp } from './time.ts';
import { answered, FORM, KIND } from './wire.ts';

/** The social-protection software in miniature. INFERENCE throughout beyond the notes: it proves the adapter, not the real system. */

const ACCEPT_KEY = 'funeral-allowance-accept-key';
/** StatusId: national statuses; received, then 4, 9, 10, with 5 (supplement), 3 (not taken) and 8 (stopped). */
const STAGES: Readonly<Record<string, readonly string[]>> = {
  '2': ['3', '4', '5', '8'],
  '4': ['3', '5', '8', '9'],
  '5': ['2', '4', '8'],
  '9': ['10'],
  '3': [],
  '8': [],
  '10': [],
};

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const said = (json: Json): SimulatorAnswer => ({ status: 200, json });
/** SOURCED TD: the code is text when something was pushed, a number when something was pulled. */
const TAKEN = said({ error_code: '0' });
const REFUSED = said({ error_code: '1' });

const start: StartSimulator = async (options) => {
  const held: { desk?: SimulatorDesk; simulator?: Simulator } = {};
  const simulator = () => {
    if (held.simulator === undefined) throw new RangeError('the simulator is still starting');
    return held.simulator;
  };
  const base = await runSimulator(options, {
    kinds: {
      [KIND]: {
        naturalKey: (record) => text(record.MaHoSo),
        firstStage: '2',
        id: (n) => `BTXH-${String(n).padStart(6, '0')}`,
        stages: STAGES,
      },
    },
    config: (baseUrl) => ({
      baseUrl,
      acceptKey: ACCEPT_KEY,
      repeat: options.faults?.unsafe === true ? 'unsafe' : 'same-key',
      landsWithinMs: 2_000,
      timeoutMs: 5_000,
      limits: { concurrent: 8, perSecond: null, perDay: null },
    }),
    routes: (desk) => {
      held.desk = desk;
      const post = (path: string, effect: 'read' | 'write', run: (body: JsonObject) => SimulatorAnswer) => ({
        ...{ method: 'POST', path, effect },
        run: (request: { json(): Json }) => keyed(request.json() as JsonObject, run),
      });
      return [
        post('/apiBTXH/DongBoDVC', 'write', (body) => push(desk, body)),
        post('/apiBTXH/XuLyHoSo', 'write', (body) => step(desk, body)),
        post('/apiBTXH/LayDanhSachHoSo', 'read', (body) => pull(desk, body)),
        ...controlRoutes(simulator, options.clock),
      ];
    },
    changed: issue,
  });
  if (held.desk === undefined) throw new RangeError('the simulator has no desk');
  held.simulator = byCode(base, held.desk);
  return held.simulator;
};

const keyed = ({ AcceptKey, ...body }: JsonObject, run: (body: JsonObject) => SimulatorAnswer): SimulatorAnswer =>
  AcceptKey === ACCEPT_KEY ? run(body) : REFUSED;

/** The same MaHoSo again is the same dossier, unless the fault `unsafe` lets twins in. */
function push(desk: SimulatorDesk, { CertificateExtentData: xml, ...fields }: JsonObject): SimulatorAnswer {
  const key = text(fields.MaHoSo);
  if (key === '' || text(fields.HoVaTen) === '') return REFUSED;
  const known = desk.byKey(KIND, key);
  if (known !== null && !desk.faults().unsafe) return TAKEN;
  desk.add(KIND, { key, record: { ...fields, ...(text(xml) === '' ? {} : { [FORM]: readForm(text(xml)) }) } }, 'create');
  return TAKEN;
}

/** The history of a dossier; the same row again is the same row. It moves nothing: the software keeps its own state. */
function step(desk: SimulatorDesk, body: JsonObject): SimulatorAnswer {
  const row = desk.byKey(KIND, text(body.MaHoSo));
  if (row === null || text(body.StatusId) === '' || readStamp(text(body.ThoiDiemXuLy)) === null) return REFUSED;
  const act = `${text(body.StatusId)} ${text(body.ThoiDiemXuLy)}`;
  if (row.acts.includes(act)) return TAKEN;
  const history = [...((row.extra.history ?? []) as readonly Json[]), body];
  desk.change(KIND, row.id, { act, extra: { history } }, 'step');
  return TAKEN;
}

function pull(desk: SimulatorDesk, body: JsonObject): SimulatorAnswer {
  const [from, to] = [readStamp(text(body.TuNgay)), readStamp(text(body.DenNgay))];
  if (from === null || to === null || from > to) return said({ error_code: 1 });
  const rows = desk.rows(KIND).filter((row) => row.at >= from && row.at < to + 1_000);
  return said({ error_code: 0, result: desk.shuffled(desk.repeated(rows)).map(stated) });
}

/** Names in the camel case of the answers, the e-form as XML. */
function stated(row: SimulatorRow): JsonObject {
  const { [FORM]: form, ...fields } = recordOf(row);
  const whole: JsonObject = form === undefined ? fields : { ...fields, CertificateExtentData: writeForm(form as JsonObject) };
  return Object.fromEntries(Object.entries(whole).map(([name, value]) => [answered(name), value]));
}

const codeOf = (row: SimulatorRow): string => text(row.record.MaHoSo) || row.id;
const recordOf = (row: SimulatorRow): JsonObject => ({ ...row.record, MaHoSo: codeOf(row), StatusId: row.stage });

/** What is decided gets a decision: number, agency, day. */
function issue(desk: SimulatorDesk, kind: string, row: SimulatorRow): void {
  if (row.stage !== '9' || row.record.SoQuyetDinh !== undefined) return;
  const [year = '', month = '', day = ''] = new Date(row.at + 7 * 3_600_000).toISOString().slice(0, 10).split('-');
  const decision = {
    SoQuyetDinh: `${Number(row.id.slice(5))}/QĐ-MTP`,
    CoQuanBanHanh: 'Ủy ban nhân dân xã Mẫu',
    TrichYeu: 'Hỗ trợ chi phí mai táng',
    NgayBanHanh: `${day}/${month}/${year}`,
  };
  desk.change(kind, row.id, { record: decision }, null);
}

/** Dossiers by the code the one-stop gave them; one typed by hand has the software's own. */
function byCode(base: Simulator, desk: SimulatorDesk): Simulator {
  const rowOf = (id: string): SimulatorRow => {
    const found = desk.rows(KIND).find((row) => codeOf(row) === id || row.id === id);
    if (found === undefined) throw new RangeError('no dossier with this code');
    return found;
  };
  return {
    ...base,
    records: (kind) => desk.rows(kind).map((row) => ({ id: codeOf(row), key: row.key, record: recordOf(row) })),
    typeByHand: (kind, { MaHoSo: _theirOwn, ...typed }) => base.typeByHand(kind, typed),
    edit: (kind, id, changes) => base.edit(kind, rowOf(id).id, changes),
    advance: (kind, id, stage, fields) => base.advance(kind, rowOf(id).id, stage, fields),
  };
}

export default start;

await runAlone(import.meta.url, start);
