import type { Tx } from './contract.ts';
import { attemptTable } from './tables/attempts.ts';
import { auditTable } from './tables/audit.ts';
import { baseTable } from './tables/bases.ts';
import { dossierTable } from './tables/dossiers.ts';
import { fileTable } from './tables/files.ts';
import { holdTable } from './tables/holds.ts';
import { budgetTable, cursorTable, inboxTable } from './tables/ledgers.ts';
import { linkTable } from './tables/links.ts';
import { progressTable } from './tables/progress.ts';
import { statementTable } from './tables/statements.ts';
import { switchTable, tokenTable } from './tables/tokens.ts';
import type { Unit } from './tables/unit.ts';
import { workTable } from './tables/work.ts';

/** All tables over one transaction. */
export const tablesOf = (unit: Unit): Tx => ({
  dossiers: dossierTable(unit),
  links: linkTable(unit),
  bases: baseTable(unit),
  attempts: attemptTable(unit),
  work: workTable(unit),
  inbox: inboxTable(unit),
  statements: statementTable(unit),
  holds: holdTable(unit),
  progress: progressTable(unit),
  audit: auditTable(unit),
  cursors: cursorTable(unit),
  budgets: budgetTable(unit),
  files: fileTable(unit),
  tokens: tokenTable(unit),
  switches: switchTable(unit),
});
