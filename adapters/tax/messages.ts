import { z } from 'zod';

/** The messages about land dossiers as they come in. Names SOURCED TD; the request for more (ThongBaoBoSung) is INFERENCE. */

const most = (length: number) => z.string().max(length);
/** Number in one message, text in the next. */
const loose = (length: number) => z.union([z.string(), z.number()]).transform(String).pipe(most(length));
const flag = z.union([z.boolean(), z.literal(['true', 'false']).transform((text) => text === 'true')]);

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
    ThoiGianThanhToan: loose(14).optional(),
    MaThongBaoThue: loose(100).optional(),
    SoTien: loose(20).optional(),
  }),
});
export const requestShape = z.object({
  ...head,
  MaHoSo: dossierCode,
  MauSo: most(30),
  SoThongBao: loose(100).optional(),
  NgayThongBao: most(10).optional(),
  NoiDung: most(2000).optional(),
  HanTraLoi: most(10).optional(),
});

export type Notice = z.output<typeof noticeShape>;
export type ReceiptMessage = z.output<typeof receiptShape>;
export type RequestMessage = z.output<typeof requestShape>;
