import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import type { House } from '../assemble.ts';
import { type FileRow, readDossierFile } from '../intake/files.ts';
import { intakeReport, reportText } from '../intake/report.ts';
import type { DossierDocument, LegCheck } from '../sync/contract.ts';
import { IntakeRefused } from '../sync/errors.ts';
import { type Asked, type Cli, does, OK, WRONG } from './asked.ts';
import { withHouse } from './room.ts';
import { plain } from './screen.ts';
import { noSuch, tell, whatOf } from './why.ts';

/** `dossier submit | check | show`. */
export function dossierCommands(cli: Cli, program: Command): void {
  const dossier = program.command('dossier').description('hồ sơ · dossiers');
  does(cli, dossier.command('submit <file>').description('nhận hồ sơ từ tệp JSON, NDJSON, CSV, XLSX · take dossiers of a file'), submit);
  does(
    cli,
    dossier.command('check <file>').description('xem mỗi nhánh sẽ cần gì, không lưu · what each leg would need; stores nothing'),
    check,
  );
  does(cli, dossier.command('show <code>').description('tình trạng một hồ sơ · where one dossier stands'), show);
}

interface Refused {
  readonly row: number;
  readonly line: number;
  readonly code: string;
  readonly vi: string;
  readonly en: string;
}

interface Walked {
  readonly rows: readonly FileRow[];
  readonly refused: readonly Refused[];
}

/** Hands every good row on; what the engine refuses is listed with its line, like a row that could not be read. */
async function eachRow(asked: Asked, house: House, file: string, each: (document: DossierDocument) => Promise<void>): Promise<Walked> {
  const rows: FileRow[] = [];
  const refused: Refused[] = [];
  for await (const row of readDossierFile(resolve(asked.cli.workingFolder, file), house.forms)) {
    rows.push(row);
    if (!('document' in row)) continue;
    try {
      await each(row.document);
    } catch (error) {
      if (!(error instanceof IntakeRefused)) throw error;
      for (const { code, vi, en } of error.problems) refused.push({ row: row.row, line: row.line, code, vi, en });
    }
  }
  return { rows, refused };
}

async function submit(asked: Asked, file = ''): Promise<number> {
  const { screen } = asked;
  const taken: { readonly code: string; readonly is: string }[] = [];
  const { rows, refused } = await withHouse(asked, async (house) =>
    eachRow(asked, house, file, async (document) => {
      const { code, is } = await house.engine.intake(document);
      taken.push({ code, is });
    }),
  );
  const report = intakeReport(basename(file), rows);
  screen.data({ taken, refused: [...report.refused, ...refused] });
  screen.say({ vi: reportText(report, 'vi'), en: reportText(report, 'en') });
  for (const one of refused)
    screen.say({ vi: `Dòng ${one.line}: ${one.vi} [${one.code}]`, en: `Line ${one.line}: ${one.en} [${one.code}]` });
  return report.refused.length + refused.length === 0 ? OK : WRONG;
}

async function check(asked: Asked, file = ''): Promise<number> {
  const { screen } = asked;
  const checked: { readonly code: string; readonly legs: readonly LegCheck[] }[] = [];
  const { rows, refused } = await withHouse(asked, async (house) =>
    eachRow(asked, house, file, async (document) => {
      checked.push({ code: document.head.code, legs: await house.engine.check(document) });
    }),
  );
  const report = intakeReport(basename(file), rows);
  screen.data({ checked, refused: [...report.refused, ...refused] });
  screen.say({ vi: reportText(report, 'vi'), en: reportText(report, 'en') });
  for (const one of refused)
    screen.say({ vi: `Dòng ${one.line}: ${one.vi} [${one.code}]`, en: `Line ${one.line}: ${one.en} [${one.code}]` });
  for (const { code, legs } of checked) {
    for (const { system, record, needs, waits, problems, losses } of legs) {
      screen.say(plain(`${code} → ${system}/${record}: ${problems.length + needs.length === 0 ? '✓' : ''}`));
      for (const path of needs)
        screen.say({ vi: `  - ${path}: còn thiếu, cần hỏi khi công dân còn ở quầy`, en: `- ${path}: missing, to be asked now` });
      for (const { path, system: giver } of waits)
        screen.say({ vi: `  … ${path}: nhánh ${giver} sẽ trả về`, en: `… ${path}: comes from ${giver}` });
      for (const { path, vi, en } of problems) screen.say({ vi: `  - ${path}: ${vi}`, en: `${path}: ${en}` });
      for (const { line, reason } of losses) screen.say({ vi: `  ~ ${line}: ${reason}`, en: `~ ${line}: ${reason}` });
    }
  }
  const problems = checked.some(({ legs }) => legs.some((leg) => leg.problems.length > 0));
  return report.refused.length + refused.length === 0 && !problems ? OK : WRONG;
}

async function show(asked: Asked, code = ''): Promise<number> {
  return withHouse(asked, async (house) => {
    const what = await whatOf(house, code);
    if (what === null) return noSuch(asked, code);
    asked.screen.data(what);
    tell(asked.screen, what, { attempts: false });
    return OK;
  });
}
