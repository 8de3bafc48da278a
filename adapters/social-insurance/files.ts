import {
  type AdapterPorts,
  type ChangesVerb,
  type CreateVerb,
  element,
  type FilePlace,
  type JsonObject,
  openInbox,
  openOutbox,
  type RecordKind,
  Trouble,
  xlsxBytes,
  xmlText,
} from '../../src/kit/index.ts';
import type { Config } from './config.ts';
import { FILINGS, type FilingKind, fileMark } from './endpoint.ts';
import { anyPartOf, columnsOf, elementOf, flatOf, ITEM, LIST, rowsIn, statedIn } from './rows.ts';

/** The forms as files, for an office that hands them over in a folder. That forms travel as XML is SOURCED BHXH-PROXY; names of files are ours. */

export type Files = NonNullable<Config['files']>;

/** All forms over files: sent once each, told back as often as something changes. No look-up: a filing is known by what came. */
export const fileKinds = (place: FilePlace, format: 'xml' | 'xlsx', files: Files, ports: AdapterPorts): readonly RecordKind[] =>
  FILINGS.map((kind) => {
    const schema = ports.data.recordSchema(kind);
    return {
      name: kind,
      schema,
      // What is read from a sheet has no spaces around it.
      normalises: format === 'xlsx' ? Object.fromEntries(columnsOf(schema).map((name) => [name, 'trim' as const])) : {},
      readLagMs: 0,
      ordered: false,
      over: 'files',
      create: submissions(kind, schema, place, format, files),
      changes: results(kind, schema, place, files, ports),
    };
  });

/** One file a filing, named by our key: put once, however often it is sent. */
function submissions(
  kind: FilingKind,
  schema: JsonObject,
  place: FilePlace,
  format: 'xml' | 'xlsx',
  { out, sent, landsWithinMs }: Files,
): CreateVerb {
  const outbox = openOutbox({ place, folder: out, sent });
  return {
    repeat: 'same-key',
    landsWithinMs,
    run: async ({ key, record }, { signal }) => {
      const whole = { ...record, maHoSoMCDT: key };
      const bytes = format === 'xml' ? xmlOf(whole) : await sheetOf(schema, whole);
      await outbox.put(`${fileMark(kind)}-${key}.${format}`, bytes, signal);
      return { is: 'queued', ticket: key };
    },
  };
}

const xmlOf = (record: JsonObject): Uint8Array => Buffer.from(xmlText(element(LIST, [elementOf(ITEM, record)])), 'utf8');

async function sheetOf(schema: JsonObject, record: JsonObject): Promise<Uint8Array> {
  const { row, unfit } = flatOf(record);
  if (unfit.length > 0) throw noColumn(unfit);
  return xlsxBytes(columnsOf(schema), [row]);
}

const noColumn = (paths: readonly string[]): Trouble =>
  new Trouble({
    kind: 'refused',
    scope: 'record',
    code: 'files.list',
    vi: 'Tờ khai có danh sách mà tệp XLSX không chứa được; dùng định dạng XML.',
    en: 'The form holds a list that a sheet has no column for; use XML.',
    issues: paths.map((path) => ({ path, code: 'list', vi: 'là danh sách', en: 'is a list' })),
  });

function results(kind: FilingKind, schema: JsonObject, place: FilePlace, files: Files, { clock }: AdapterPorts): ChangesVerb {
  const isOurs = new RegExp(`(?:^|-)KQ-${fileMark(kind)}-.*\\.(?:xml|xlsx)$`, 'iu');
  const part = anyPartOf(schema);
  const inbox = openInbox<JsonObject>({
    place,
    clock,
    folder: files.in,
    archive: files.archive,
    accepts: (name) => isOurs.test(name),
    whole: files.whole,
    rows: rowsIn,
    touch: (row) => {
      const stated = statedIn(part, row);
      return 'record' in stated ? { kind, id: stated.id, key: stated.key, sighting: stated } : stated;
    },
    rowsACall: files.rowsACall,
    limits: { mostBytes: files.mostBytes, mostRows: files.mostRows },
  });
  return { overlapMs: 0, run: (cursor, { signal }) => inbox.changes(cursor, signal) };
}
