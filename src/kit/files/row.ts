import type { JsonObject } from '../../model/json.ts';
import type { FieldIssue } from '../trouble.ts';

/** What reading a file gives: rows that can be taken, rows that cannot with every reason, or a file that is refused as a whole. */

/** `line` is what a person counts in that file. */
export type FileRow<T = JsonObject> =
  | { readonly line: number; readonly value: T; readonly issues?: undefined }
  | { readonly line: number; readonly issues: readonly FieldIssue[]; readonly value?: undefined };

/** From `line` on (0 = from the first byte) nothing of the file can be taken. */
export class FileFault extends Error {
  override readonly name = 'FileFault';
  readonly line: number;
  readonly issues: readonly FieldIssue[];
  constructor(issues: readonly FieldIssue[], line = 0) {
    super(issues.map(({ code, path }) => `${code} ${path}`).join(', '));
    this.line = line;
    this.issues = issues;
  }
}

export interface FileLimits {
  readonly mostBytes: number;
  readonly mostRows: number;
  /** Of everything inside an XLSX once unpacked. */
  readonly mostUnzippedBytes: number;
}

export const FILE_LIMITS: FileLimits = { mostBytes: 64_000_000, mostRows: 100_000, mostUnzippedBytes: 256_000_000 };

const WORDS = {
  'too-large': ['Tệp lớn quá mức cho phép.', 'The file is larger than allowed.'],
  'too-many-rows': ['Tệp có quá nhiều dòng; phần còn lại chưa nhận.', 'Too many rows; the rest was not taken.'],
  empty: ['Tệp không có dòng tiêu đề cột.', 'The file has no row of column titles.'],
  encoding: ['Không đọc được bảng mã của tệp.', 'The encoding of the file cannot be read.'],
  xlsx: ['Tệp Excel bị hỏng, có mật khẩu, hoặc quá lớn khi giải nén.', 'The Excel file is damaged, encrypted, or too large once unpacked.'],
  sheet: ['Tệp Excel không có trang tính cần đọc.', 'The Excel file has no such sheet.'],
  'column-missing': ['Thiếu cột.', 'A column is missing.'],
  'column-twice': ['Tiêu đề cột xuất hiện hai lần.', 'A column title stands twice.'],
  'row-damaged': ['Dòng bị hỏng (dấu ngoặc kép không khớp).', 'A damaged row (quotes do not match).'],
  'row-too-long': ['Dòng có nhiều ô hơn số cột.', 'The row has more cells than there are columns.'],
  'text-broken': ['Có ký tự hỏng, không đọc được.', 'Holds characters that cannot be read.'],
  'text-review': [
    'Chữ viết theo bảng mã cũ chưa chuyển được chắc chắn; đề nghị kiểm tra và gõ lại bằng Unicode.',
    'Text in an old charset that cannot be converted with certainty; please check it and type it in Unicode.',
  ],
  unreadable: ['Không đọc được tệp.', 'The file cannot be read.'],
  changed: [
    'Tệp bị thay hoặc lấy đi khi đang nhận; các dòng sau đó chưa nhận.',
    'The file was replaced or taken away half-way; later rows were not taken.',
  ],
} as const;
export type FileWord = keyof typeof WORDS;

export const fileIssue = (word: FileWord, path = ''): FieldIssue => ({
  path,
  code: `file.${word}`,
  vi: WORDS[word][0],
  en: WORDS[word][1],
});

export const fileFault = (word: FileWord, line = 0): FileFault => new FileFault([fileIssue(word)], line);
