/** Names of the two look-ups and the record kinds that read through them. */

export type LookUpName = 'enterprise' | 'household';

export const KINDS = {
  'household-registration': 'household',
  'household-change': 'household',
  'household-suspension': 'household',
  'household-end': 'household',
  'enterprise-registration': 'enterprise',
} as const satisfies Readonly<Record<string, LookUpName>>;
export type KindName = keyof typeof KINDS;
export const KIND_NAMES = Object.keys(KINDS) as readonly KindName[];

/** The code a record is known by. SOURCED TD; that `mst` takes the household's MaSoHKD is INFERENCE. */
export const CODE: Readonly<Record<LookUpName, string>> = { enterprise: 'MaSoDoanhNghiep', household: 'MaSoHKD' };

/** Codes that travel as whole numbers, or as floats in text ("31813.0"), and so lose their zeros: their true width. SOURCED TD. */
export const DIGITS: Readonly<Record<string, number>> = { MaTinhThanh: 2, MaQuanHuyen: 3, MaPhuongXa: 5, MaNganh: 4 };
