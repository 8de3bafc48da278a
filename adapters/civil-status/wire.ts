import { z } from 'zod';
import { type FileSource, fileBytes, type Json, type JsonObject, shaped } from '../../src/kit/index.ts';
import type { Config } from './config.ts';

/** Fields of the push that stand beside `data`, not in it. */
const ENVELOPE: ReadonlySet<string> = new Set(['maDonVi', 'module', 'maHoSoLT', 'maHoSoMCDT', 'ngayTiepNhan', 'fileDinhKem']);

/** What only the system itself states. `ghiChu` is ours at a marriage, theirs elsewhere, and is sent where the record holds it. */
const STATED: ReadonlySet<string> = new Set([
  'maTinh',
  'errors',
  'trangThai',
  'thoiGianThucHien',
  'nguoiXuLy',
  'chucDanh',
  'phongBanXuLy',
  'noiDungXuLy',
  'hanBoSungHoSo',
  'ketQuaXuLy',
]);

/** Number or text in one message, the other in the next: both are read as text. */
const codeText = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const pollElement = z.looseObject({
  maHoSoMCDT: z.string().nullish(),
  trangThai: codeText.nullish(),
  thoiGianThucHien: z.string().nullish(),
  ketQuaXuLy: z.looseObject({}).nullish(),
});
export type PollElement = z.output<typeof pollElement>;

/** One dossier in the list; an element that is no object cannot be matched by its code and counts as not answered. */
const pollAnswer = z.looseObject({ value: z.array(z.unknown()).nullish() });

/** Elements that are objects of the known shape; any other cannot be matched to a dossier. */
export function elementsIn(body: Json, operation: string): readonly PollElement[] {
  return (shaped(pollAnswer, body, operation).value ?? []).flatMap((element) => {
    const read = pollElement.safeParse(element);
    return read.success ? [read.data] : [];
  });
}

/**
 * The push: envelope fields as they are, everything else as one JSON text in `data`. `maHoSoMCDT` is always the order's
 * key, so that a repeated order is recognised. Nothing is filled in: a missing field stays missing.
 */
export async function pushBody(module: string, key: string, record: JsonObject, files: readonly FileSource[], config: Config) {
  const sent = Object.entries(record).filter(([name]) => !STATED.has(name));
  const envelope = Object.fromEntries(sent.filter(([name]) => ENVELOPE.has(name)));
  const data = Object.fromEntries(sent.filter(([name]) => !ENVELOPE.has(name)));
  return {
    ...(record.noiDangKy === undefined ? {} : { maDonVi: record.noiDangKy }),
    ...envelope,
    module,
    maHoSoMCDT: key,
    data: JSON.stringify(shapeAddresses(data, config.addressShape)),
    fileDinhKem: await Promise.all(files.map((file, index) => attachment(file, index, config.mostFileBytes))),
  };
}

/** Addresses in the shape the endpoint knows: `2025` has no maHuyen, the older one no quocGia. SOURCED TD. */
export function shapeAddresses(data: JsonObject, shape: Config['addressShape']): JsonObject {
  const foreign = shape === '2025' ? 'maHuyen' : 'quocGia';
  const shaped = Object.entries(data).map(([name, value]) => {
    if (!isAddress(value)) return [name, value] as const;
    const { [foreign]: _unknownThere, ...address } = value;
    return [name, address] as const;
  });
  return Object.fromEntries(shaped);
}

const isAddress = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && ('maXa' in value || 'dcChiTiet' in value || 'maTinh' in value);

async function attachment(file: FileSource, index: number, mostBytes: number) {
  const { name, kind } = file.mark;
  return {
    id: index + 1,
    ...(kind !== null && /^\d{1,9}$/.test(kind) ? { loaiGiayTo: Number(kind) } : {}),
    tenGiayTo: name,
    tenTepDinhKem: name,
    huyGiayTo: 0,
    duLieuTepDinhKem: Buffer.from(await fileBytes(file, mostBytes)).toString('base64'),
  };
}
