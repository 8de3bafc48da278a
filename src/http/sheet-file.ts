import writeXlsxFile from 'write-excel-file/node';
import type { SheetShown } from '../sync/contract.ts';

/** The sheet as a spreadsheet: every value is text, so that no zero is lost and nothing is taken for a formula. */

const WIDTHS = [{ width: 28 }, { width: 36 }, { width: 44 }, { width: 30 }, { width: 44 }];
const HEAD = ['Màn hình', 'Ô nhập', 'Giá trị', 'Hiển thị', 'Ghi chú'];

type Cell = { readonly value: string; readonly type: StringConstructor; readonly fontWeight?: 'bold'; readonly wrap?: boolean };
const cell = (value: string): Cell => ({ value, type: String, wrap: true });
const bold = (value: string): Cell => ({ value, type: String, fontWeight: 'bold' });

const WORDS: Readonly<Record<SheetShown['screens'][number]['fields'][number]['is'], string>> = {
  value: '',
  asked: '(nhập theo giấy tờ)',
  cleared: '(xóa trống)',
};

export function xlsxOf(sheet: SheetShown): Promise<Buffer> {
  const rows = sheet.screens.flatMap(({ title, fields }) =>
    fields.map((field) =>
      [title, field.label, field.is === 'value' ? field.text : WORDS[field.is], field.shown ?? '', field.note ?? ''].map(cell),
    ),
  );
  const changes = sheet.changed.map(({ label, before, now }) =>
    ['Thay đổi sau khi in phiếu', label, now, '', `trước: ${before}`].map(cell),
  );
  const head = [
    [bold(`Phiếu nhập liệu: ${sheet.title.vi}`)],
    [
      cell(`Hồ sơ ${sheet.code}`),
      cell(sheet.number.known === null ? `${sheet.number.label}: ……` : `${sheet.number.label}: ${sheet.number.known}`),
    ],
    HEAD.map(bold),
  ];
  return writeXlsxFile([...head, ...rows, ...changes], { columns: WIDTHS, sheet: 'Phiếu nhập liệu' }).toBuffer();
}
