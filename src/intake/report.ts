import type { FileRow } from './files.ts';
import type { Issue } from './issue.ts';

/** What became of a file's rows, for the person who has to mend it. Holds places and reasons, never a value. */
export interface IntakeReport {
  readonly file: string;
  readonly taken: number;
  readonly refused: readonly { readonly row: number; readonly line: number; readonly issues: readonly Issue[] }[];
  /** Taken, but something was mended: please look. */
  readonly noticed: readonly { readonly row: number; readonly line: number; readonly notices: readonly Issue[] }[];
}

/** `file` is the name to show, without its folder. */
export function intakeReport(file: string, rows: readonly FileRow[]): IntakeReport {
  const refused = rows.flatMap((row) => ('issues' in row ? [{ row: row.row, line: row.line, issues: row.issues }] : []));
  const noticed = rows.flatMap((row) =>
    'notices' in row && row.notices.length > 0 ? [{ row: row.row, line: row.line, notices: row.notices }] : [],
  );
  return { file, taken: rows.length - refused.length, refused, noticed };
}

const WORDS = {
  vi: {
    head: (report: IntakeReport) => `${report.file}: nhận ${report.taken} hồ sơ, từ chối ${report.refused.length}.`,
    refused: (row: number, line: number) => `Hồ sơ thứ ${row} (dòng ${line}) bị từ chối:`,
    noticed: (row: number, line: number) => `Hồ sơ thứ ${row} (dòng ${line}) đã nhận, đề nghị xem lại:`,
    whole: 'toàn bộ hồ sơ',
  },
  en: {
    head: (report: IntakeReport) => `${report.file}: ${report.taken} dossiers taken, ${report.refused.length} refused.`,
    refused: (row: number, line: number) => `Dossier ${row} (line ${line}) refused:`,
    noticed: (row: number, line: number) => `Dossier ${row} (line ${line}) taken, please look at:`,
    whole: 'whole dossier',
  },
} as const;

/** The report as text in one language. */
export function reportText(report: IntakeReport, language: 'vi' | 'en'): string {
  const words = WORDS[language];
  const list = (issues: readonly Issue[]) => issues.map((each) => `  - ${each.path || words.whole}: ${each[language]} [${each.code}]`);
  return [
    words.head(report),
    ...report.refused.flatMap((row) => [words.refused(row.row, row.line), ...list(row.issues)]),
    ...report.noticed.flatMap((row) => [words.noticed(row.row, row.line), ...list(row.notices)]),
  ].join('\n');
}
