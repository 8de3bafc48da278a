import type { RecordKind, Sighting } from '../../src/kit/contract.ts';
import { parseScreens } from '../../src/kit/screens.ts';
import { readBook } from '../../src/mapping/index.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Clock } from '../../src/model/ports.ts';
import type { Attempt, Base, Dossier, Hold, Link, ProgressEntry } from '../../src/store/contract.ts';
import { type OpenStore, openStore } from '../../src/store/index.ts';
import type { DossierDocument, Engine, EnginePorts, SheetShown, Spoke } from '../../src/sync/contract.ts';
import { createEngine, STATIONS, type Stations } from '../../src/sync/index.ts';

/** A registry nobody's program may write to, the real engine and store, and an official with a pen. */

export const CODE = 'H12.31-261102-0901';
const LEG = `${CODE}/registry/file`;
const START = Date.parse('2026-11-02T01:30:00Z');
export const POLL_MS = 60_000;
export const VISIBLE_MS = 20 * 60_000;

const text = (more: JsonObject = {}): JsonObject => ({ type: ['string', 'null'], ...more });
const object = (properties: JsonObject): JsonObject => ({ type: 'object', properties, additionalProperties: false });

export const RECORD = object({
  maHoSo: text(),
  hoTen: text({ title: 'Họ và tên' }),
  ngaySinh: text(),
  danToc: text(),
  ghiChu: text(),
  soNha: text(),
  trangThai: text(),
  ketQua: text(),
  thanhVien: { type: 'array', items: object({ hoTen: text(), vaiTro: text() }) },
});

const FORM = object({
  name: text({ maxLength: 100 }),
  birthDate: text({ maxLength: 10 }),
  ethnic: text({ maxLength: 20 }),
  note: text({ maxLength: 100 }),
  members: { type: 'array', items: object({ name: text({ maxLength: 100 }), role: text({ maxLength: 20 }) }) },
});

const MAPPING = `mapping: registry.file
for: { form: permit@1, start: { status: [2, 4] } }
needs: [name]
give:
  maHoSo: code | key
  hoTen: name | text(100)
  ngaySinh: birthDate | date(dd/MM/yyyy)
  danToc: ethnic | code(ethnic)
start: {}
share:
  ghiChu: { from: note | text(100), clear: "null" }
take:
  results.registry.number: ketQua
each:
  - { left: thanhVien, right: members, key: { theirs: hoTen, ours: name }, give: { vaiTro: role | text(20) } }
phase: { from: trangThai, map: { moi: sent, duyet: accepted, xong: issued } }
ignore: { theirs: { soNha: chỉ người nhập biết } }
`;
const ONE_STOP = `mapping: one-stop.file
for: { form: permit@1 }
give:
  code: code | key
share:
  name: name
  birthDate: { from: birthDate, clear: "null" }
  ethnic: { from: ethnic, clear: "null" }
  note: { from: note, clear: "null" }
each:
  - { left: members, right: members, key: { theirs: name, ours: name }, share: { role: role } }
`;

export const SCREENS = `number: { label: Số biên nhận, pattern: "^R-[0-9]+$", vi: "dạng R-số", en: R-digits }
screens:
  - title: Người nộp
    fields:
      - { field: hoTen, label: Họ và tên }
      - { field: ngaySinh, label: Ngày sinh }
      - { field: danToc, label: Dân tộc, shown: { "1": Kinh } }
      - { field: soNha, label: Số nhà, required: true, note: theo giấy tờ }
  - title: Khác
    fields:
      - { field: ghiChu, label: Ghi chú }
      - { field: "thanhVien[].hoTen", label: Thành viên }
      - { field: "thanhVien[].vaiTro", label: Vai trò }
`;

const screens = parseScreens(SCREENS, 'screens/file.yaml', RECORD).screens;

const book = readBook(
  new Map([
    ['forms/permit@1.schema.json', JSON.stringify(FORM)],
    ['forms/applicant.schema.json', JSON.stringify(object({}))],
    ['crosswalks/ethnic.csv', 'ours,theirs,label,direction,from,until\nkinh,1,Kinh,,,\nkhmer,2,Khơ-me,,,\n'],
    ['registry/file.yaml', MAPPING],
    ['one-stop/file.yaml', ONE_STOP],
  ]),
  {
    recordSchema: (system) => (system === 'registry' ? RECORD : object({ code: text(), ...(FORM.properties as JsonObject) })),
    lawRounds: 0,
  },
);

export const DATA: JsonObject = {
  name: 'Trần Văn Thử',
  birthDate: '1990-02-01',
  ethnic: 'kinh',
  note: 'bản giấy',
  members: [{ name: 'Trần Thị Mẫu', role: 'vợ' }],
};
/** The record as a careful official types it from the sheet. */
export const TYPED: JsonObject = {
  hoTen: 'Trần Văn Thử',
  ngaySinh: '01/02/1990',
  danToc: '1',
  ghiChu: 'bản giấy',
  soNha: '12',
  trangThai: 'moi',
  thanhVien: [{ hoTen: 'Trần Thị Mẫu', vaiTro: 'vợ' }],
};

export interface WorldOptions {
  /** What the registry can do beside being read by its number. */
  readonly kind?: Partial<RecordKind>;
  /** Nothing can be read back. */
  readonly blind?: boolean;
  readonly spoke?: Partial<Spoke>;
  readonly stations?: Partial<Stations>;
}

export interface DeskWorld {
  readonly engine: Engine;
  readonly store: OpenStore;
  /** The registry's records by number. */
  readonly there: Map<string, JsonObject>;
  /** How often the registry was asked. */
  readonly asked: { count: number };
  push(data?: JsonObject, head?: Partial<DossierDocument['head']>): Promise<void>;
  rest(): Promise<void>;
  later(ms: number): Promise<void>;
  /** A new process on the same store. */
  restart(): void;
  leg(): Promise<Link>;
  rows(): Promise<{
    readonly dossier: Dossier;
    readonly base: Base | null;
    readonly attempts: readonly Attempt[];
    readonly holds: readonly Hold[];
    readonly progress: readonly ProgressEntry[];
  }>;
  /** Sheets that wait for a person. */
  sheets(): Promise<readonly Attempt[]>;
  /** Opens the one waiting sheet. */
  open(again?: boolean): Promise<SheetShown>;
  /** Opens it and types its number back. */
  typeAll(number?: string | null): Promise<void>;
  close(): Promise<void>;
}

const limits: EnginePorts['limits'] = {
  leaseMs: 60_000,
  backOffFirstMs: 1_000,
  backOffMostMs: 60_000,
  freshMs: 5_000,
  mostInwardChanges: 30,
  ringHits: 3,
  ringWindowMs: 60_000,
  mostFileBytes: 1_000_000,
};

const spokeOf = (name: string, role: Spoke['role'], kind: RecordKind, more: Partial<Spoke> = {}): Spoke => ({
  ...{ name, role, kinds: { file: kind }, title: { vi: 'sở đăng ký', en: 'the registry' }, pollMs: POLL_MS, pollsBeforeAsking: 1_000 },
  ...{ batch: 10, concurrent: 1, dailyCap: null, cutOffAt: null, mode: () => 'auto' as const, visibleWithinMs: VISIBLE_MS },
  ...more,
});

const documentOf = (data: JsonObject, head: Partial<DossierDocument['head']>): DossierDocument => ({
  head: {
    ...{ code: CODE, nationalCode: null, procedure: '1.001193', agency: 'H12.31', status: 2, revision: 1, receivedAt: START, dueAt: null },
    form: 'permit@1',
    ...head,
  },
  body: { applicant: {}, data, files: [] },
  supplements: 0,
});

export async function openWorld(options: WorldOptions = {}): Promise<DeskWorld> {
  const faults = book.diagnostics.filter(({ severity }) => severity === 'error');
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  const time = { now: START };
  const clock: Clock = {
    now: () => time.now,
    sleep: async (ms) => {
      time.now += ms;
    },
  };
  const counter = { next: 0 };
  const id = (): string => {
    counter.next += 1;
    return `id-${String(counter.next).padStart(6, '0')}`;
  };
  const chance = { random: () => 0.5, id };
  const there = new Map<string, JsonObject>();
  const asked = { count: 0 };
  const plain: RecordKind = { name: 'file', schema: RECORD, normalises: {}, readLagMs: 0, ordered: false };
  const seen = (number: string): Sighting | null => {
    const record = there.get(number);
    const version = JSON.stringify(record ?? null);
    return record === undefined ? null : { id: number, key: null, version, sequence: null, covers: 'all', record, statedAt: null };
  };
  const read: RecordKind['read'] = {
    by: 'id',
    most: 10,
    run: async (ids) => {
      asked.count += 1;
      return new Map(ids.map((one) => [one, seen(one)]));
    },
  };
  /** The one-stop takes whatever it is told. */
  const update: RecordKind['update'] = {
    ...{ phases: [], style: 'patch', ifMatch: false, landsWithinMs: 0 },
    run: async ({ id: code }) => ({ is: 'done', id: code, version: null, sequence: null }),
  };
  const registry: RecordKind = { ...plain, screens, ...(options.blind === true ? {} : { read }), ...options.kind };
  const store = await openStore({
    engine: { kind: 'sqlite', file: ':memory:' },
    keys: { current: 1, keys: new Map([[1, new Uint8Array(32).fill(7)]]) },
    chance,
    clock,
  });
  const ports: EnginePorts = {
    ...{ store, clock, chance, limits, mappings: book.mappings },
    spokes: new Map([
      ['one-stop', spokeOf('one-stop', 'one-stop', { ...plain, update })],
      ['registry', spokeOf('registry', 'ministry', registry, options.spoke)],
    ]),
    status: () => ({ is: 'none' }),
    procedure: () => ({ is: 'valid' }),
    admit: (document) => document,
    tell: () => undefined,
  };
  const born = (): Engine => createEngine(ports, { ...STATIONS, ...options.stations });
  const state = { engine: born() };
  const rest = async (): Promise<void> => {
    for (let round = 0; round < 60; round += 1) {
      if ((await state.engine.visitDue('registry')) + (await state.engine.visitDue('one-stop')) === 0) return;
    }
    throw new Error('the world does not come to rest');
  };
  const sheets = () => store.read((tx) => tx.attempts.sheets(null, 100));
  const open = async (again = false): Promise<SheetShown> => {
    const [sheet, ...more] = await sheets();
    if (sheet === undefined || more.length > 0) throw new Error(`${more.length + (sheet === undefined ? 0 : 1)} sheets wait`);
    return state.engine.sheets.open({ sheet: sheet.id, by: 'can-bo', purpose: 'type-in', revision: sheet.sends, again });
  };
  return {
    get engine() {
      return state.engine;
    },
    store,
    there,
    asked,
    push: async (data = DATA, head = {}) => {
      await state.engine.intake(documentOf(data, head));
    },
    rest,
    later: async (ms) => {
      time.now += ms;
      await rest();
    },
    restart: () => {
      state.engine = born();
    },
    leg: async () => {
      const link = (await store.read((tx) => tx.links.load([LEG]))).get(LEG);
      if (link === undefined) throw new RangeError('the leg is not there');
      return link;
    },
    rows: () =>
      store.read(async (tx) => {
        const dossier = (await tx.dossiers.load([CODE])).get(CODE);
        if (dossier === undefined) throw new RangeError('the dossier is not there');
        return {
          dossier,
          base: (await tx.bases.load([LEG])).get(LEG) ?? null,
          attempts: (await tx.attempts.ofDossier(CODE)).filter(({ link }) => link === LEG),
          holds: await tx.holds.page({ code: CODE, open: true }, null, 100),
          progress: await tx.progress.ofDossiers([CODE]),
        };
      }),
    sheets,
    open,
    typeAll: async (number = 'R-1') => {
      const shown = await open();
      const typed = shown.screens.flatMap(({ fields }) => fields.flatMap((field) => (field.is === 'asked' ? [field.key] : [])));
      await state.engine.sheets.type({ sheet: shown.id, by: 'can-bo', revision: shown.revision, number, typed });
    },
    close: () => store.close(),
  };
}
