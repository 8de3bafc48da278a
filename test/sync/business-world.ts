import type { JsonObject } from '../../src/model/json.ts';
import type { Link } from '../../src/store/contract.ts';
import { openProvince, type Province, type Rows } from './province.ts';

/** A province whose registry, tax office and insurance are there, and a dossier of a new business in it. */

const CODE = 'H12.31-261102-0901';
const headquarters = { province: '96', ward: '32041', wardVersion: '2025', detail: 'Ấp Mẫu' };
const lines = [{ code: '4711', name: 'Bán lẻ tạp hóa', main: true }];
const DATA = {
  enterprise: {
    enterprise: { name: 'Công ty Bảy Mẫu', headquarters, lines, charterCapital: 1_000_000_000, phone: '0900000001' },
    representatives: [{ fullName: 'Nguyễn Văn Mẫu', nationality: 'VN', paperKind: 'personal-id-card', paperNumber: '099191000021' }],
  },
  household: {
    household: { name: 'Hộ kinh doanh Bảy Mẫu', headquarters, lines, capital: 50_000_000, phone: '0900000001' },
    owner: { fullName: 'Nguyễn Văn Mẫu', nationality: 'VN', paper: { kind: 'personal-id-card', number: '099191000021' } },
  },
} as const;
const INSURANCE = { payment: 'every-3-months', workers: 5, from: '2026-12' };
const PROCEDURES = { enterprise: '9.990001', household: '9.990002' } as const;
export type Which = keyof typeof DATA;

export interface Businesses extends Omit<Province, 'rows'> {
  readonly code: string;
  document(which: Which, data?: Readonly<Record<string, unknown>>): JsonObject;
  /** The official types the dossier in the one-stop. */
  begin(which: Which): Promise<void>;
  /** The official types the sheet into the registry and gives its number, or another one, back; gives the registry's own. */
  typeIn(number?: string): Promise<string>;
  handOver(form: string): Promise<void>;
  /** The insurance takes the unit in and ends with it. */
  process(unit: string): Promise<void>;
  rows(): Promise<Omit<Rows, 'leg' | 'base'>>;
  leg(system: string): Promise<Link>;
  /** Phase of each leg, its situation where it has none. */
  stands(): Promise<Readonly<Record<string, string>>>;
  units(kind: string): readonly JsonObject[];
  unitId(kind: string): string;
  atOneStop(form: string): JsonObject | undefined;
}

export async function openBusinesses({ pollsBeforeAsking = 1_000 }: { readonly pollsBeforeAsking?: number } = {}): Promise<Businesses> {
  const province = await openProvince({ others: ['business-registration', 'tax', 'social-insurance'], pollsBeforeAsking });
  const { engine, store, simulator, later, oneStop } = province;
  const rows = () =>
    store.read(async (tx) => {
      const links = await tx.links.ofDossiers([CODE]);
      const dossier = (await tx.dossiers.load([CODE])).get(CODE);
      const own = links.find(({ system }) => system === 'one-stop');
      if (dossier === undefined || own === undefined) throw new RangeError('the dossier is not there');
      const holds = (await tx.holds.page({ code: CODE, open: true }, null, 100)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const attempts = await tx.attempts.ofDossier(CODE);
      return { dossier, links, oneStop: own, holds, attempts, progress: await tx.progress.ofDossiers([CODE]) };
    });
  const document = (which: Which, data: Readonly<Record<string, unknown>> = {}): JsonObject => {
    const whole = { ...DATA[which], insurance: INSURANCE, ...data };
    return {
      ...{ code: CODE, procedure: PROCEDURES[which], agency: 'H12.31', status: 2, receivedAt: '2026-11-02T01:00:00.000Z' },
      ...{ applicant: { kind: 'citizen', fullName: 'Nguyễn Văn Mẫu' }, form: `${which}-registration@1` },
      data: Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined)) as JsonObject,
    };
  };
  const unitsOf = (kind: string) => simulator('social-insurance').records(kind);
  const unitId = (kind: string): string => unitsOf(kind)[0]?.id ?? '';
  return {
    ...province,
    ...{ code: CODE, rows, document, unitId },
    begin: async (which) => {
      await province.typedWhole(document(which));
      await province.rest();
    },
    typeIn: async (number) => {
      const [sheet] = await store.read((tx) => tx.attempts.sheets(null, 10));
      if (sheet === undefined) throw new Error('no sheet lies on the desk');
      const shown = await engine.sheets.open({ sheet: sheet.id, by: 'can-bo', purpose: 'type-in', revision: sheet.sends, again: false });
      const own = simulator('business-registration').typeByHand(shown.record, sheet.sent.record);
      const typed = shown.screens.flatMap(({ fields }) => fields.flatMap((field) => (field.is === 'asked' ? [field.key] : [])));
      await engine.sheets.type({ sheet: shown.id, by: 'can-bo', revision: shown.revision, number: number ?? own, typed });
      await province.rest();
      return own;
    },
    handOver: async (form) => {
      for (const status of ['9', '10']) {
        oneStop.advance(form, CODE, status);
        await later();
      }
    },
    process: async (unit) => {
      for (const stage of ['nhan', 'xu-ly', 'xong']) {
        simulator('social-insurance').advance(unit, unitId(unit), stage);
        await later();
      }
      await later();
    },
    leg: async (system) => {
      const found = (await rows()).links.find((link) => link.system === system);
      if (found === undefined) throw new RangeError(`there is no leg to ${system}`);
      return found;
    },
    stands: async () => {
      const legs = (await rows()).links.filter(({ system }) => system !== 'one-stop');
      return Object.fromEntries(legs.map(({ system, phase, situation }) => [system, phase ?? situation]));
    },
    units: (kind) => unitsOf(kind).map(({ record }) => record),
    atOneStop: (form) => oneStop.records(form).find(({ id }) => id === CODE)?.record,
  };
}
