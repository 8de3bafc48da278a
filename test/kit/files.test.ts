import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import writeExcelFile from 'write-excel-file/node';
import { csvBytes, csvRows } from '../../src/kit/files/csv.ts';
import { FileFault, type FileRow } from '../../src/kit/files/row.ts';
import type { TextRow } from '../../src/kit/files/table.ts';
import { xlsxBytes, xlsxRows } from '../../src/kit/files/xlsx.ts';
import { xmlRows } from '../../src/kit/files/xml-rows.ts';
import { xmlTextOf } from '../../src/kit/xml/tree.ts';
import { encodeLegacy } from '../../src/model/charset.ts';

const old = (charset: 'tcvn3' | 'vni', text: string): Buffer => Buffer.from(encodeLegacy(charset, text) ?? '', 'latin1');
const values = (rows: Iterable<FileRow<TextRow>>): readonly TextRow[] =>
  [...rows].flatMap(({ value }) => (value === undefined ? [] : [value]));
const told = (rows: Iterable<FileRow<TextRow>>) =>
  [...rows].map(({ line, issues }) => [line, ...(issues ?? []).map(({ code, path }) => (path === '' ? code : `${code} ${path}`))]);
function faults(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof FileFault) return error.issues.map(({ code, path }) => (path === '' ? code : `${code} ${path}`));
    throw error;
  }
  throw new Error('nothing was refused');
}
const text = (source: string): Buffer => Buffer.from(source, 'utf8');

describe('CSV that comes in', () => {
  it.each([
    ['commas', 'Mã,Họ tên\n01,"Đào, Thị"\n'],
    ['semicolons', 'Mã;Họ tên\n01;Đào, Thị'],
    ['tabs', 'Mã\tHọ tên\r\n01\tĐào, Thị\r\n'],
    ['a mark in front', '\ufeffMã,Họ tên\n01,"Đào, Thị"'],
    ['letters apart from their marks', 'Mã;Họ tên\n01;Đào, Thị'.normalize('NFD')],
  ])('is read with %s, and zeros stay', (_name, source) => {
    expect(values(csvRows(text(source)))).toEqual([{ Mã: '01', 'Họ tên': 'Đào, Thị' }]);
  });

  it('is read in UTF-16 and windows-1258 as well', () => {
    expect(values(csvRows(Buffer.from('\ufeffTên\nĐặng', 'utf16le')))).toEqual([{ Tên: 'Đặng' }]);
    expect(values(csvRows(Buffer.from('Ten\n\xd0\xe3\xf2ng', 'latin1'), { encoding: 'windows-1258' }))).toEqual([{ Ten: 'Đặng' }]);
  });

  it('gives good rows and tells each bad one with its line', () => {
    const source = 'ma,ten\n1,A\n2,"B\n3,C\n4,D,E\n5,F\ufffd\n\n6,"G\nH"\n7,I';
    const rows = [...csvRows(text(source))];
    expect(rows.flatMap(({ value }) => (value === undefined ? [] : [value.ma]))).toEqual(['1', '3', '6', '7']);
    expect(told(rows).filter((row) => row.length > 1)).toEqual([
      [3, 'file.row-damaged'],
      [5, 'file.row-too-long'],
      [6, 'file.text-broken ten'],
    ]);
    expect(rows.at(-1)?.line).toBe(10);
  });

  it('knows its titles whatever their case and spaces, below a banner', () => {
    const source = 'DANH SÁCH NGƯỜI LAO ĐỘNG,\n,\nMÃ  SỐ,họ Tên,Khác\n1,A,x\n';
    expect(values(csvRows(text(source), { titlesAt: 2, columns: ['Mã số', 'Họ tên'] }))).toEqual([
      { 'Mã số': '1', 'Họ tên': 'A', Khác: 'x' },
    ]);
  });

  it('is refused as a whole where its titles cannot be used', () => {
    expect(faults(() => [...csvRows(text('a,b\n1,2'), { columns: ['a', 'c', 'd'] })])).toEqual([
      'file.column-missing c',
      'file.column-missing d',
    ]);
    expect(faults(() => [...csvRows(text('a,a\n1,2'))])).toEqual(['file.column-twice a']);
    expect(faults(() => [...csvRows(text('\n\n'))])).toEqual(['file.empty']);
    expect(faults(() => [...csvRows(Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x41, 0x00]))])).toEqual(['file.encoding']);
  });
});

describe('T13: files in TCVN3 and VNI', () => {
  const names = ['Nguyễn Thị Đào', 'Trần Văn Đước', 'Huỳnh Ngọc Ánh'];
  it.each(['tcvn3', 'vni'] as const)('are recognised and converted: %s', (charset) => {
    const bytes = Buffer.concat([
      text('ma,ten\n'),
      ...names.map((name, n) => Buffer.concat([text(`0${n},`), old(charset, name), text('\n')])),
    ]);
    expect(values(csvRows(bytes))).toEqual(names.map((ten, n) => ({ ma: `0${n}`, ten })));
  });

  it('also where their letters came as characters, as in a sheet', async () => {
    const shown = names.slice(0, 2);
    const rows = shown.map((ten) => ({ ten: encodeLegacy('tcvn3', ten) ?? '' }));
    expect(values(xlsxRows(await xlsxBytes(['ten'], rows)))).toEqual(shown.map((ten) => ({ ten })));
    await expect(xlsxBytes(['ten'], [{ ten: 'a\u0083' }])).rejects.toMatchObject({ detail: { code: 'file.character' } });
  });

  it('go to review where a capital font lost the case, unless the field is known to be in capitals', () => {
    const bytes = Buffer.concat([
      text('ma,ten\n1,'),
      Buffer.from('NGUYÔN THÞ §µO', 'latin1'),
      text('\n2,'),
      old('tcvn3', 'Lê Thị Thuý'),
      text('\n'),
    ]);
    expect(told(csvRows(bytes))).toEqual([[2, 'file.text-review ten'], [3]]);
    expect(values(csvRows(bytes, { capitals: ['ten'] }))).toEqual([
      { ma: '1', ten: 'NGUYỄN THỊ ĐÀO' },
      { ma: '2', ten: 'LÊ THỊ THUÝ' },
    ]);
  });

  it('leave Unicode and foreign names alone', () => {
    expect(values(csvRows(text('ten\nMüller\nHoà Bình\nNúñez')))).toEqual([{ ten: 'Müller' }, { ten: 'Hoà Bình' }, { ten: 'Núñez' }]);
  });

  it('go to review where a text fits no charset of a file that is in one', () => {
    const bytes = Buffer.concat([text('ten\n'), old('tcvn3', 'Nguyễn Thị Đào'), text('\n'), Buffer.from('§µzk\n', 'latin1')]);
    expect(told(csvRows(bytes))).toEqual([[2], [3, 'file.text-broken ten']]);
  });
});

describe('CSV that goes out', () => {
  it('comes back as it was, whatever the cells hold', () => {
    const cell = fc.string({ unit: fc.constantFrom(...'aĐẶ0,;"\n =-') }).map((one) => one.normalize('NFC').trim());
    fc.assert(
      fc.property(
        fc.array(fc.record({ a: cell, b: cell }), { maxLength: 6 }),
        fc.constantFrom(',' as const, ';' as const, '\t' as const),
        (rows, delimiter) => {
          const kept = rows
            .map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '')))
            .filter((row) => Object.keys(row).length > 0);
          expect(values(csvRows(csvBytes(['a', 'b'], rows, { delimiter })))).toEqual(kept);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('runs nothing in the spreadsheet of whoever opens it, where that was asked for', () => {
    const rows = [{ a: '=HYPERLINK("x")', b: '@SUM(1)' }];
    expect(Buffer.from(csvBytes(['a', 'b'], rows, { escapeFormulas: true })).toString()).toMatch(/"?'=HYPERLINK.*'@SUM/u);
    expect(Buffer.from(csvBytes(['a', 'b'], rows)).toString()).not.toContain("'");
  });
});

describe('XLSX', () => {
  it('keeps zeros, long numbers, dates and gaps', async () => {
    const bytes = await writeExcelFile(
      [
        ['Mã', 'Số', 'Ngày', 'Giờ', 'Trống', 'Cờ'].map((value) => ({ value, type: String })),
        [
          { value: '007', type: String },
          { value: 96_000_000_001, type: Number },
          { value: new Date(Date.UTC(1996, 1, 29)), type: Date, format: 'dd/mm/yyyy' },
          { value: new Date(Date.UTC(2026, 10, 24, 8, 7, 9)), type: Date, format: 'dd/mm/yyyy hh:mm' },
          null,
          { value: true, type: Boolean },
        ],
        [],
        [null, { value: 1.5, type: Number, format: '0.00 "đồng/ngày"' }],
      ],
      { sheet: 'Danh sách' },
    ).toBuffer();
    const rows = [...xlsxRows(bytes, { sheet: 'Danh sách' })];
    expect(rows).toEqual([
      { line: 2, value: { Mã: '007', Số: '96000000001', Ngày: '1996-02-29', Giờ: '2026-11-24T08:07:09', Cờ: 'true' } },
      { line: 4, value: { Số: '1.5' } },
    ]);
    expect(faults(() => [...xlsxRows(bytes, { sheet: 'khác' })])).toEqual(['file.sheet']);
  });

  it('comes back as it went out', async () => {
    const cell = fc.string({ unit: fc.constantFrom(...'aĐẶ0<&"=\n') }).map((one) => one.normalize('NFC').trim());
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ a: cell, b: cell }), { maxLength: 5 }), async (rows) => {
        const kept = rows
          .map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '')))
          .filter((row) => Object.keys(row).length > 0);
        expect(values(xlsxRows(await xlsxBytes(['a', 'b'], rows)))).toEqual(kept);
      }),
      { numRuns: 60 },
    );
  });

  it('is refused when it is none, is cut, lies about its size or is too large unpacked', async () => {
    const good = Buffer.from(await xlsxBytes(['a'], [{ a: 'x'.repeat(2_000) }]));
    const lying = Buffer.from(good);
    for (let at = lying.indexOf('PK\u0001\u0002', 0, 'latin1'); at !== -1; at = lying.indexOf('PK\u0001\u0002', at + 1, 'latin1'))
      lying.writeUInt32LE(5, at + 24);
    for (const bytes of [text('PK'), text('<html>'), good.subarray(0, -10), lying])
      expect(faults(() => [...xlsxRows(bytes)])).toEqual(['file.xlsx']);
    expect(faults(() => [...xlsxRows(good, { mostUnzippedBytes: 1_000 })])).toEqual(['file.xlsx']);
    expect(values(xlsxRows(good))).toHaveLength(1);
  });
});

describe('XML files', () => {
  it('give records until they break, and tell where', async () => {
    const found: string[] = [];
    const reading = async () => {
      for await (const row of xmlRows(text('<D><H>1</H>\n<H>2</H>\n<H>3'), ['D.H']))
        if (row.value) found.push(xmlTextOf(row.value.element));
    };
    await expect(reading()).rejects.toMatchObject({ line: 3, issues: [{ code: 'xml.broken' }] });
    expect(found).toEqual(['1', '2']);
    const page = async () => {
      for await (const _row of xmlRows(text('<html/>'), ['D.H']));
    };
    await expect(page()).rejects.toMatchObject({ line: 0, issues: [{ code: 'xml.other-root' }] });
  });
});
