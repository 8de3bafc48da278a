/** Small readings of what the portal writes. */

/** Numbers come as floats ("31813.0") and texts as numbers: one text, without the fraction that means nothing. */
export const plainText = (value: string | number): string => String(value).replace(/^(-?\d+)\.0+$/u, '$1');

/** Codes that a system may write as numbers and so rob of their leading zeros. */
const WIDTHS: Readonly<Record<string, number>> = {
  Masobhxh: 10,
  danToc: 2,
  maTinh_KS: 2,
  maTinh_NN: 2,
  Matinhbenhvien: 2,
  Tinh_NhanBangiay: 2,
  maHuyen_KS: 3,
  maHuyen_NN: 3,
  Huyen_NhanBangiay: 3,
  maXa_KS: 5,
  maXa_NN: 5,
  Xa_NhanBangiay: 5,
  Mabenhvien: 5,
  maDKBD: 5,
  kyKeKhai: 6,
  maTinh_KD: 2,
  maXa_KD: 5,
};
const IDENTITY: ReadonlySet<string> = new Set(['cmnd', 'Cmnd']);

/** A code that came as a number, with its zeros. An identity number of ten digits and more had twelve; a shorter one nine. */
export function codeText(name: string, value: string | number): string {
  const text = plainText(value);
  if (IDENTITY.has(name)) return text.padStart(text.length >= 10 ? 12 : 9, '0');
  return text.padStart(WIDTHS[name] ?? 0, '0');
}

export const folded = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number'
    ? String(value).normalize('NFC').toLocaleLowerCase('vi').replace(/\s+/gu, ' ').trim()
    : '';

const ZONE_MS = 7 * 3_600_000;

/** The month of a moment in +07:00 as the portal writes a period: `MMyyyy`. */
export function periodOf(at: number): string {
  const [year = '', month = ''] = new Date(at + ZONE_MS).toISOString().split('-');
  return `${month}${year}`;
}

/** The period before: 012026 → 122025. */
export function periodBefore(period: string): string {
  const month = Number(period.slice(0, 2));
  const year = Number(period.slice(2));
  return month === 1 ? `12${year - 1}` : `${String(month - 1).padStart(2, '0')}${year}`;
}
