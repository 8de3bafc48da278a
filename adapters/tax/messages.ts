import { z } from 'zod';
import { readDay, readMoment } from './time.ts';

/** The messages about land dossiers as they come in. Names SOURCED TD; the request for more (ThongBaoBoSung) is INFERENCE. */

const most = (length: number) => z.string().max(length);
/** Number in one message, text in the next. */
const loose = (length: number) => z.union([z.string(), z.number()]).transform(String).pipe(most(length));
const flag = z.union([z.boolean(), z.literal(['true', 'false']).transform((text) => text === 'true')]);

/**
 * Nobody can ask again what a message said, so one whose dates or amounts cannot be read is not acknowledged. Whole đồng,
 * plain or in groups of three; `dd-MM-yyyy`; `yyyyMMddHHmmss`. SOURCED TD.
 */
const amount = loose(20).refine((text) => /^(\d{1,15}|\d{1,3}(\.\d{3}){1,4})$/u.test(text));
const day = most(10).refine((text) => readDay(text) !== null);
const moment = loose(14).refine((text) => readMoment(text) !== null);

const head = {
  SecurityKey: z.string().max(500).optional(),
  Service: most(100).optional(),
  Ngay: loose(30).optional(),
  IsUpdating: flag.optional(),
};
const dossierCode = z.string().min(1).max(60);

export const noticeShape = z.object({ ...head, Data: z.object({ FileThongBaoThue: z.string().min(1) }) });
export const receiptShape = z.object({
  ...head,
  MaHoSo: dossierCode,
  MaSoThue: loose(14).optional(),
  SoCMTNguoiNopTien: loose(20).optional(),
  HoTenNguoiNopTien: most(200).optional(),
  DiaChiNguoiNopTien: most(500).optional(),
  TinhNguoiNopTien: loose(100).optional(),
  HuyenNguoiNopTien: loose(100).optional(),
  XaNguoiNopTien: loose(100).optional(),
  UrlFileChungTu: most(500).optional(),
  ThongTinThanhToan: z.object({
    NoiDungThanhToan: most(500).optional(),
    ThoiGianThanhToan: moment.optional(),
    MaThongBaoThue: loose(100).optional(),
    SoTien: amount.optional(),
  }),
});
export const requestShape = z.object({
  ...head,
  MaHoSo: dossierCode,
  MauSo: most(30),
  SoThongBao: loose(100).optional(),
  NgayThongBao: day.optional(),
  NoiDung: most(2000).optional(),
  HanTraLoi: day.optional(),
});
/** One row of FileThongBaoThue; what it leaves out is absent. */
export const rowShape = z.object({
  MA_SO_THUE: most(14).optional(),
  SO_QUYET_DINH: z.string().min(1).max(100),
  NGAY_QUYET_DINH: day.optional(),
  TEN_TIEUMUC: most(300).optional(),
  SO_TIEN: amount.optional(),
});

export type Notice = z.output<typeof noticeShape>;
export type ReceiptMessage = z.output<typeof receiptShape>;
export type RequestMessage = z.output<typeof requestShape>;
