import type { Owner, Phase } from '../model/words.ts';

/**
 * The simulation's own table of who says what to whom. The oracle judges by this table, never by the compiled
 * mappings, so that a fault in the mapping language cannot hide itself.
 */
export interface SimLine {
  readonly system: SimSystem;
  /** Field as that system writes it. */
  readonly field: string;
  /** Path in the hub. */
  readonly path: SimPath;
  readonly owner: Owner;
  readonly until: Phase | null;
}

export type SimSystem = 'one-stop' | 'registry' | 'insurer';
export const MINISTRIES = ['registry', 'insurer'] as const;
export type Ministry = (typeof MINISTRIES)[number];

export type SimPath =
  | 'idNumber'
  | 'name'
  | 'birthDate'
  | 'phone'
  | 'address'
  | 'paper'
  | 'results.registry.number'
  | 'results.registry.expires'
  | 'results.insurer.card';

const line = (system: SimSystem, field: string, path: SimPath, owner: Owner, until: Phase | null = null): SimLine => ({
  system,
  field,
  path,
  owner,
  until,
});

export const LINES: readonly SimLine[] = [
  line('one-stop', 'soDinhDanh', 'idNumber', 'take'),
  line('one-stop', 'hoTen', 'name', 'take'),
  line('one-stop', 'ngaySinh', 'birthDate', 'take'),
  line('one-stop', 'loaiGiay', 'paper', 'take'),
  line('one-stop', 'dienThoai', 'phone', 'share'),
  line('one-stop', 'diaChi', 'address', 'share'),
  line('one-stop', 'kqSoDangKy', 'results.registry.number', 'give'),
  line('one-stop', 'kqHanDung', 'results.registry.expires', 'give'),
  line('one-stop', 'kqSoThe', 'results.insurer.card', 'give'),
  line('registry', 'cccd', 'idNumber', 'give'),
  line('registry', 'hoVaTen', 'name', 'give'),
  line('registry', 'sinhNgay', 'birthDate', 'give'),
  line('registry', 'loai', 'paper', 'start'),
  line('registry', 'soDienThoai', 'phone', 'share'),
  line('registry', 'noiO', 'address', 'give', 'issued'),
  line('registry', 'soDangKy', 'results.registry.number', 'take'),
  line('registry', 'hanDung', 'results.registry.expires', 'take'),
  line('insurer', 'dinhDanh', 'idNumber', 'give'),
  line('insurer', 'ten', 'name', 'give'),
  line('insurer', 'soDangKyGoc', 'results.registry.number', 'give'),
  line('insurer', 'lienLac', 'phone', 'share'),
  line('insurer', 'soThe', 'results.insurer.card', 'take'),
];

export const linesOf = (system: SimSystem): readonly SimLine[] => LINES.filter((line) => line.system === system);

/** The field that tells one person's record from another's; nobody edits it. */
export const NATURAL: Readonly<Record<Ministry, string>> = { registry: 'cccd', insurer: 'dinhDanh' };
export const KEY_FIELD: Readonly<Record<Ministry, string>> = { registry: 'maHoSoGoc', insurer: 'maNguon' };

/** Paths a person may edit, by the side that owns or shares them. */
export const isShared = (path: SimPath): boolean => path === 'phone' || path === 'address';

/** Hub word → the field's own words, and back. Only dates differ. */
export const toField = (line: SimLine, value: string): string =>
  line.system === 'registry' && line.path === 'birthDate' ? value.split('-').reverse().join('.') : value;
export const fromField = (line: SimLine, value: string): string =>
  line.system === 'registry' && line.path === 'birthDate' ? value.split('.').reverse().join('-') : value;

/** Comparison that forgives what a system is declared to do to a value it keeps (upper case). */
export const sameValue = (a: string, b: string): boolean => a === b || a.toUpperCase() === b.toUpperCase();

/** Each system's own stage codes. */
export const STAGES: Readonly<Record<Ministry, Readonly<Record<string, Phase>>>> = {
  registry: { '1': 'sent', '2': 'supplement', '3': 'accepted', '7': 'assigned', '4': 'issued', '5': 'handed-over', '6': 'refused' },
  insurer: { moi: 'sent', xuly: 'accepted', xong: 'issued', tuchoi: 'refused' },
};
export const STAGE_FIELD: Readonly<Record<Ministry, string>> = { registry: 'tinhTrang', insurer: 'trangThai' };
