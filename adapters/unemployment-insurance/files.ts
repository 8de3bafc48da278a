import {
  type AdapterPorts,
  type ChangesVerb,
  type CreateVerb,
  csvBytes,
  csvRows,
  type FilePlace,
  openInbox,
  openOutbox,
  type RecordKind,
  type TextRow,
  xlsxBytes,
  xlsxRows,
} from '../../src/kit/index.ts';
import type { Config } from './config.ts';
import { timely } from './limit.ts';
import { columnsOf, decisionOf, rowOf, statedIn } from './rows.ts';

/** The exchange of files with the centre: claims and suspensions out, decisions in. Names of files are ours (INFERENCE). */

export type Files = NonNullable<Config['files']>;

/** Beginnings of file names: what we send of a kind, and what comes back. */
export const PREFIX: Readonly<Record<string, { readonly out: string; readonly in: string }>> = {
  claim: { out: 'TCTN', in: 'QD-TCTN' },
  suspension: { out: 'TAM-DUNG', in: 'QD-TAM-DUNG' },
};

/** `create` where there is an out-folder, `changes` over the in-folder. */
export function fileVerbs(kind: string, schema: RecordKind['schema'], place: FilePlace, files: Files, config: Config, ports: AdapterPorts) {
  const prefix = PREFIX[kind];
  if (prefix === undefined) return {};
  const changes = decisions(prefix.in, kind, schema, place, files, ports);
  return files.out === null
    ? { changes }
    : { create: submissions(prefix.out, kind, schema, place, { ...files, out: files.out }, config), changes };
}

/** One file a dossier, named by our key: put once, however often it is sent. */
function submissions(
  prefix: string,
  kind: string,
  schema: RecordKind['schema'],
  place: FilePlace,
  { out, sent, format, landsWithinMs }: Files & { readonly out: string },
  { periods }: Config,
): CreateVerb {
  const outbox = openOutbox({ place, folder: out, sent });
  const columns = columnsOf(schema);
  return {
    repeat: 'same-key',
    landsWithinMs,
    run: async ({ key, record }, { signal }) => {
      const rows = [rowOf(key, kind === 'claim' ? timely(record, periods) : record)];
      const bytes = format === 'csv' ? csvBytes(columns, rows) : await xlsxBytes(columns, rows);
      const put = await outbox.put(`${prefix}-${key}.${format}`, bytes, signal);
      return put === 'already' ? { is: 'already', id: key } : { is: 'done', id: key, version: null, sequence: null };
    },
  };
}

/** Decisions of the centre, CSV or XLSX by the ending of the name. */
function decisions(
  prefix: string,
  kind: string,
  schema: RecordKind['schema'],
  place: FilePlace,
  files: Files,
  { clock }: AdapterPorts,
): ChangesVerb {
  const isOurs = new RegExp(`(?:^|-)${prefix}-.*\\.(?:csv|xlsx)$`, 'iu');
  const decision = decisionOf(schema);
  const inbox = openInbox<TextRow>({
    place,
    clock,
    folder: files.in,
    archive: files.archive,
    accepts: (name) => isOurs.test(name),
    whole: files.whole,
    rows: (bytes, name) => (/\.csv$/iu.test(name) ? csvRows(bytes, COLUMNS) : xlsxRows(bytes, COLUMNS)),
    touch: (row) => {
      const stated = statedIn(decision, row);
      return 'record' in stated ? { kind, id: stated.id, key: stated.key, sighting: stated } : stated;
    },
    rowsACall: files.rowsACall,
    limits: { mostBytes: files.mostBytes, mostRows: files.mostRows },
  });
  return { overlapMs: 0, run: (cursor, { signal }) => inbox.changes(cursor, signal) };
}

const COLUMNS = { columns: ['MaHoSo', 'TrangThai'] };
