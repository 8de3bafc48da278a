import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import writeExcelFile from 'write-excel-file/node';
import { FileRefused } from '../../src/intake/bytes.ts';
import { contentHash, parseDocument } from '../../src/intake/document.ts';
import { FILE_LIMITS, type FileRow, readDossierFile } from '../../src/intake/files.ts';
import { loadForms } from '../../src/intake/forms.ts';
import { intakeReport, reportText } from '../../src/intake/report.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { birth, FORMS } from './given.ts';

const forms = await loadForms(FORMS);
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dossiers-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const read = async (name: string, bytes: string | Uint8Array, limits = FILE_LIMITS): Promise<FileRow[]> => {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return rowsOf(path, limits);
};
const rowsOf = async (path: string, limits = FILE_LIMITS): Promise<FileRow[]> => {
  const rows: FileRow[] = [];
  for await (const row of readDossierFile(path, forms, limits)) rows.push(row);
  return rows;
};
const refusal = async (reading: Promise<unknown>): Promise<readonly string[]> =>
  reading.then(
    () => ['read'],
    (error: unknown) => {
      if (!(error instanceof FileRefused)) throw error;
      return error.issues.map((each) => each.code);
    },
  );
/** `line: taken`, or `line: path code` of each issue. */
const brief = (rows: readonly FileRow[]) =>
  rows.map(
    (row) => `${row.line}: ${'document' in row ? 'taken' : row.issues.map((each) => `${each.path} ${each.code}`.trim()).join(', ')}`,
  );
const noticed = (rows: readonly FileRow[]) =>
  rows.flatMap((row) => ('notices' in row ? row.notices.map((each) => `${each.path} ${each.code}`) : []));
const hashes = (rows: readonly FileRow[]) => rows.map((row) => ('document' in row ? contentHash(row.document) : null));
const expected = (body: JsonObject) => {
  const parsed = parseDocument(body, forms);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return contentHash(parsed.document);
};

const COLUMNS = [
  'code',
  'nationalCode',
  'procedure',
  'agency',
  'status',
  'revision',
  'receivedAt',
  'dueAt',
  'applicant.kind',
  'applicant.fullName',
  'applicant.phone',
  'form',
  'data.registration.kind',
  'data.registration.office.ward',
  'data.registration.office.wardVersion',
  'data.registration.copies',
  'data.child.fullName',
  'data.child.sex',
  'data.child.birthDate',
  'data.child.parentage',
  'data.declarant.fullName',
  'data.declarant.relation',
  'data.declarant.verified',
  'files.0.name',
  'files.0.mime',
  'files.0.sizeBytes',
  'files.0.remoteId',
  'supplements',
];
const flatten = (value: unknown, path: string): readonly (readonly [string, string])[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, each]) => flatten(each, path === '' ? name : `${path}.${name}`))
    : [[path, String(value)]];
const cellsOf = (body: JsonObject): readonly string[] => {
  const flat = new Map(flatten(body, ''));
  return COLUMNS.map((column) => flat.get(column) ?? '');
};
const csv = (rows: readonly (readonly string[])[], sign = ',') => [COLUMNS, ...rows].map((row) => row.join(sign)).join('\r\n');
/** The cells with some of them replaced. */
const withCells = (changes: Readonly<Record<string, string>>) =>
  cellsOf(birth()).map((cell, index) => changes[COLUMNS[index] ?? ''] ?? cell);

describe('files of dossiers', () => {
  it('one dossier says the same as JSON, NDJSON, CSV and XLSX', async () => {
    const same = expected(birth());
    const sheet = join(folder, 'a.xlsx');
    await writeExcelFile([COLUMNS, [...cellsOf(birth())]].map((row) => row.map((value) => ({ value, type: String })))).toFile(sheet);
    expect(hashes(await read('a.json', JSON.stringify([birth()])))).toEqual([same]);
    expect(hashes(await read('a.ndjson', `\ufeff${JSON.stringify(birth())}\n\n`))).toEqual([same]);
    expect(hashes(await read('a.csv', csv([cellsOf(birth())])))).toEqual([same]);
    expect(hashes(await read('b.csv', `\ufeff${csv([cellsOf(birth())], ';')}\n`))).toEqual([same]);
    expect(hashes(await read('c.csv', csv([cellsOf(birth())], '\t')))).toEqual([same]);
    expect(hashes(await rowsOf(sheet))).toEqual([same]);
  });

  it('good rows are taken and bad rows reported with line and reason', async () => {
    const rows = [cellsOf(birth()), withCells({ 'data.child.sex': 'nam', status: 'hai' }), withCells({ code: 'H12.64-261124-0003' })];
    expect(brief(await read('a.csv', csv(rows)))).toEqual(['2: taken', '3: status field.type, data.child.sex form.choice', '4: taken']);
    const lines = [JSON.stringify(birth()), '{"code": ', '', JSON.stringify(birth({ status: 11 })), '7'];
    expect(brief(await read('a.ndjson', lines.join('\n')))).toEqual(['1: taken', '2: file.json', '4: status field.range', '5: field.type']);
  });

  it('one broken element of a JSON array does not lose its neighbours', async () => {
    const text = `[\n${JSON.stringify(birth())},\n{"code": "x",,},\n${JSON.stringify(birth({ summary: '],{' }))},\n${JSON.stringify(birth(), null, 1)}\n]`;
    expect(brief(await read('a.json', text))).toEqual(['2: taken', '3: file.json', '4: summary field.unknown', '5: taken']);
    expect(brief(await read('b.json', `[${JSON.stringify(birth())}, {"code": "x`))).toEqual(['1: taken', '1: file.json']);
    expect(await read('c.json', ' [ ] ')).toEqual([]);
    expect(await refusal(read('d.json', JSON.stringify(birth())))).toEqual(['file.not-array']);
  });

  it('broken JSON is told with the line where it breaks, and a name that stands twice with its path', async () => {
    const text = `[\n${JSON.stringify(birth(), null, 1)},\n{\n"code": "x",\n"form": birth\n},\n{"code":"x","data":{"child":{"sex":"male","sex":"female"}}},\n{"__proto__":{}}\n]`;
    const rows = await read('a.json', text);
    expect(brief(rows)).toEqual([
      '2: taken',
      expect.stringMatching(/: file.json$/),
      expect.stringMatching(/: data.child.sex file.name-twice$/),
      expect.stringMatching(/: __proto__ body.name$/),
    ]);
    const broken = rows[1];
    const at = text.split('\n').indexOf('"form": birth') + 1;
    expect(broken !== undefined && 'issues' in broken ? broken.issues.map(({ vi, en }) => [vi, en]) : null).toEqual([
      [`Hồ sơ này không phải JSON hợp lệ (sai ở dòng ${at}).`, `This dossier is not valid JSON (broken in line ${at}).`],
    ]);
  });

  it('a tax code with a wrong check digit is refused by its row', async () => {
    const applicant = (number: string) => ({
      kind: 'enterprise',
      fullName: 'Công ty Thử',
      identityNumbers: [{ kind: 'tax-code', number }],
    });
    const lines = ['0100109106', '0100109107', '010010910'].map((number) => JSON.stringify(birth({ applicant: applicant(number) })));
    expect(brief(await read('a.ndjson', lines.join('\n')))).toEqual([
      '1: taken',
      '2: applicant.identityNumbers.0.number form.tax-code',
      '3: applicant.identityNumbers.0.number form.tax-code',
    ]);
  });

  it('a damaged CSV record and a row with too many cells are reported in their place', async () => {
    const good = cellsOf(birth()).join(',');
    const text = [COLUMNS.join(','), good, `"x"y,${good}`, `${good},more`, good].join('\n');
    expect(brief(await read('a.csv', text))).toEqual(['2: taken', '3: file.csv', '4: file.too-many-cells', '5: taken']);
    const unclosed = [COLUMNS.join(','), good, `"x,${good}`, good, good.replace('2026-11-01', '"2026-11-01"'), good].join('\n');
    expect(brief(await read('b.csv', unclosed))).toEqual(['2: taken', '3: file.csv', '4: taken', '5: taken', '6: taken']);
  });

  it('a quoted cell may hold several lines, and line numbers stay true', async () => {
    const columns = [...COLUMNS, 'data.child.birthPlace.detail'];
    const row = (detail: string) => [...cellsOf(birth()), detail].join(',');
    const rows = await read('a.csv', [columns.join(','), row('"Ấp 1,\n""xóm"" Rạch"'), '', row('Ấp 2')].join('\r\n'));
    expect(brief(rows)).toEqual(['2: taken', '5: taken']);
    const first = rows[0] !== undefined && 'document' in rows[0] ? rows[0].document.body.data.child : null;
    expect(first).toMatchObject({ birthPlace: { detail: 'Ấp 1,\n"xóm" Rạch' } });
  });

  it('T12: codes stay text and get their lost zeros back, and that is reported', async () => {
    const rows = await read('a.csv', csv([withCells({ 'data.registration.office.ward': '32025.0', 'applicant.phone': '0900000123' })]));
    expect(hashes(rows)).toEqual([expected(birth())]);
    expect(noticed(rows)).toEqual(['data.registration.office.ward code.padded']);
    const place = ['province', 'district', 'ward', 'wardVersion'].map((name) => `data.child.birthPlace.${name}`);
    const columns = [...COLUMNS, ...place];
    const [padded] = await read('b.csv', [columns.join(','), [...cellsOf(birth()), '1', '7', '31825', 'old'].join(',')].join('\n'));
    expect(brief(padded === undefined ? [] : [padded])).toEqual(['2: taken']);
    expect(padded !== undefined && 'document' in padded ? padded.document.body.data.child : null).toMatchObject({
      birthPlace: { province: '01', district: '007' },
    });
  });

  it('T12: a number cell of Excel becomes a code again; too many digits are refused, not cut', async () => {
    const path = join(folder, 'a.xlsx');
    const cell = (value: string, index: number) =>
      COLUMNS[index] === 'data.registration.office.ward' ? { value: 32025, type: Number } : { value, type: String };
    await writeExcelFile([COLUMNS.map((value) => ({ value, type: String })), cellsOf(birth()).map(cell)]).toFile(path);
    expect(hashes(await rowsOf(path))).toEqual([expected(birth())]);
    expect(brief(await read('a.csv', csv([withCells({ 'data.registration.office.ward': '320250' })])))[0]).toMatch(
      /^2: data.registration.office.ward code.too-long/,
    );
  });

  it('T13: rows in TCVN3 and VNI bytes are converted and reported; a capital font goes to a person', async () => {
    const row = (name: string) =>
      withCells({ 'data.child.fullName': name, 'applicant.fullName': 'Lan', 'data.declarant.fullName': 'Lan' }).join(',');
    const line = (name: string) => Buffer.from(`${row(name)}\n`, 'latin1');
    const tcvn3 = iconv.decode(iconv.encode('Nguyễn Văn Đước', 'tcvn'), 'latin1');
    const bytes = Buffer.concat([
      Buffer.from(`${COLUMNS.join(',')}\n`),
      line(tcvn3),
      line('Nguyeãn Vaên Ñöùc'),
      line('NGUYÔN V¨N §­íC'),
      Buffer.from(`${row('Nguyễn Văn Đước')}\n`),
    ]);
    const rows = await read('a.csv', bytes);
    expect(brief(rows)).toEqual(['2: taken', '3: taken', '4: data.child.fullName text.tcvn3-review', '5: taken']);
    expect(noticed(rows)).toEqual(['data.child.fullName text.tcvn3-converted', 'data.child.fullName text.vni-converted']);
    expect(rows.map((each) => ('document' in each ? (each.document.body.data.child as JsonObject).fullName : null))).toEqual([
      'Nguyễn Văn Đước',
      'Nguyễn Văn Đức',
      null,
      'Nguyễn Văn Đước',
    ]);
  });

  it('broken UTF-8 is reported by line and costs only that line', async () => {
    const good = Buffer.from(`${JSON.stringify(birth())}\n`);
    const broken = Buffer.from(JSON.stringify(birth()).replace('Bần', 'B#n'));
    broken[broken.indexOf('#')] = 0xc3;
    expect(brief(await read('a.ndjson', Buffer.concat([good, broken, Buffer.from('\n'), good])))).toEqual([
      '1: taken',
      '2: data.child.fullName text.broken',
      '3: taken',
    ]);
  });

  it('a file that is not what it is called, or too large, is refused as a whole', async () => {
    expect(await refusal(read('a.pdf', '%PDF'))).toEqual(['file.type']);
    expect(await refusal(read('a.xls', 'x'))).toEqual(['file.type']);
    expect(await refusal(read('a.xlsx', 'code,form'))).toEqual(['file.type']);
    expect(await refusal(read('a.csv', 'PK\u0003\u0004xx'))).toEqual(['file.type']);
    expect(await refusal(read('b.xlsx', 'PK\u0003\u0004 no directory follows here, though it is long enough'))).toEqual(['file.xlsx']);
    expect(await refusal(read('a.csv', Buffer.from('\ufeffcode', 'utf16le')))).toEqual(['file.utf16']);
    expect(await refusal(read('a.csv', ''))).toEqual(['file.empty']);
    expect(await refusal(rowsOf(join(folder, 'none.json')))).toEqual(['file.missing']);
    expect(await refusal(rowsOf(folder))).toEqual(['file.missing']);
    expect(await refusal(read('b.csv', csv([cellsOf(birth())]), { ...FILE_LIMITS, mostBytes: 100 }))).toEqual(['file.too-large']);
    expect(await refusal(read('c.csv', csv([cellsOf(birth()), cellsOf(birth())]), { ...FILE_LIMITS, mostRows: 1 }))).toEqual([
      'file.too-many-rows',
    ]);
    const path = join(folder, 'd.xlsx');
    await writeExcelFile([COLUMNS.map((value) => ({ value, type: String }))]).toFile(path);
    expect(await refusal(rowsOf(path, { ...FILE_LIMITS, mostUnzippedBytes: 100 }))).toEqual(['file.xlsx']);
    const bytes = await readFile(path);
    bytes.writeUInt32LE(10, bytes.indexOf(Buffer.from('PK\u0001\u0002', 'latin1')) + 24);
    await writeFile(path, bytes);
    expect(await refusal(rowsOf(path))).toEqual(['file.xlsx']);
  });

  it('wrong column titles are all named before any row is read', async () => {
    expect(await refusal(read('a.csv', 'code,code,data,data.x,__proto__.x,\n1,2,3,4,5,6'))).toEqual([
      'file.column-twice',
      'file.column-clash',
      'file.column',
      'file.column',
    ]);
  });

  it('the report tells what to mend, in both languages, and holds no value', async () => {
    const rows = await read(
      'a.csv',
      csv([
        cellsOf(birth()),
        withCells({ 'data.child.birthDate': '30/02/2026' }),
        withCells({ 'data.registration.office.ward': '32025.0' }),
      ]),
    );
    const report = intakeReport('a.csv', rows);
    expect(report).toMatchObject({ taken: 2, refused: [{ row: 2, line: 3 }], noticed: [{ row: 3, line: 4 }] });
    expect(reportText(report, 'vi').split('\n')).toEqual([
      'a.csv: nhận 2 hồ sơ, từ chối 1.',
      'Hồ sơ thứ 2 (dòng 3) bị từ chối:',
      '  - data.child.birthDate: Ngày sinh phải là ngày có thật, viết yyyy-MM-dd, hoặc yyyy-MM, yyyy khi chỉ biết tháng hoặc năm. [form.partial-date]',
      'Hồ sơ thứ 3 (dòng 4) đã nhận, đề nghị xem lại:',
      '  - data.registration.office.ward: Mã bị mất số 0 ở đầu hoặc thành số; đã viết lại đủ 5 chữ số. [code.padded]',
    ]);
    expect(reportText(report, 'en')).toContain('a.csv: 2 dossiers taken, 1 refused.');
    expect(JSON.stringify(report)).not.toMatch(/30\/02|32025|Bần/);
  });
});
