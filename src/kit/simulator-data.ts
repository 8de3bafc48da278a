import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { At, JsonObject } from '../model/json.ts';
import type { SimulatorChange, SimulatorPlan, SimulatorRow } from './simulator-contract.ts';

/** What a simulator keeps: rows by kind and id, an append-only journal on disk (a killed process loses nothing taken), files by hash. */

export interface Taken {
  readonly verb: string;
  readonly kind: string;
  readonly key: string | null;
  readonly naturalKey: string;
  readonly at: At;
}

type Entry = { readonly row: SimulatorRow; readonly kind: string; readonly taken: Taken | null };

export interface SimulatorData {
  rows(kind: string): readonly SimulatorRow[];
  get(kind: string, id: string): SimulatorRow | null;
  byKey(kind: string, key: string): SimulatorRow | null;
  byNaturalKey(kind: string, naturalKey: string): SimulatorRow | null;
  put(kind: string, row: SimulatorRow, taken: Taken | null): void;
  nextSequence(): number;
  taken(): readonly Taken[];
  keepFile(bytes: Uint8Array): string;
  file(hash: string): Uint8Array | null;
  backup(): void;
  restore(): void;
  close(): void;
}

type Tables = Map<string, Map<string, SimulatorRow>>;

/** Opens the data of one simulator; `folder` null = memory only. A torn last line of the journal is dropped. */
export function openSimulatorData(folder: string | null, plan: SimulatorPlan): SimulatorData {
  if (folder !== null) mkdirSync(join(folder, 'files'), { recursive: true });
  const journal = folder === null ? null : join(folder, 'journal.ndjson');
  const tables: Tables = new Map(Object.keys(plan.kinds).map((kind) => [kind, new Map()]));
  const log: Taken[] = [];
  const files = new Map<string, Uint8Array>();
  let sequence = 0;
  let copy: string | null = null;

  const table = (kind: string) => {
    const found = tables.get(kind);
    if (found === undefined) throw new RangeError(`no kind ${kind} in this simulator`);
    return found;
  };
  // Names stay when rows move on: a name never seen is surely new, one that points elsewhere is looked for.
  const byName = new Map<string, string>();
  const names = (kind: string, row: SimulatorRow) => [
    `${kind} key ${row.key}`,
    `${kind} natural ${plan.kinds[kind]?.naturalKey(row.record)}`,
  ];
  const index = (kind: string, row: SimulatorRow) => {
    for (const name of names(kind, row)) if (!byName.has(name)) byName.set(name, row.id);
  };
  const named = (kind: string, name: string): SimulatorRow | null => {
    const id = byName.get(name);
    if (id === undefined) return null;
    const row = table(kind).get(id);
    if (row !== undefined && names(kind, row).includes(name)) return row;
    return findIn(kind, (one) => names(kind, one).includes(name));
  };
  const apply = (entry: Entry) => {
    table(entry.kind).set(entry.row.id, entry.row);
    index(entry.kind, entry.row);
    sequence = Math.max(sequence, entry.row.sequence);
    if (entry.taken !== null) log.push(entry.taken);
  };
  const all = () => [...tables].flatMap(([kind, rows]) => [...rows.values()].map((row) => ({ kind, row, taken: null })));
  const findIn = (kind: string, wanted: (row: SimulatorRow) => boolean) => [...table(kind).values()].find(wanted) ?? null;

  if (journal !== null) for (const entry of readJournal(journal)) apply(entry);
  let handle = journal === null ? null : openSync(journal, 'a');

  return {
    rows: (kind) => [...table(kind).values()],
    get: (kind, id) => table(kind).get(id) ?? null,
    byKey: (kind, key) => named(kind, `${kind} key ${key}`),
    byNaturalKey: (kind, naturalKey) => named(kind, `${kind} natural ${naturalKey}`),
    put: (kind, row, taken) => {
      const entry = { kind, row, taken };
      if (handle !== null) writeSync(handle, `${JSON.stringify(entry)}\n`);
      apply(entry);
    },
    nextSequence: () => sequence + 1,
    taken: () => log,
    keepFile: (bytes) => {
      const hash = createHash('sha256').update(bytes).digest('hex');
      if (folder === null) files.set(hash, Uint8Array.from(bytes));
      else writeWhole(join(folder, 'files', hash), bytes);
      return hash;
    },
    file: (hash) => {
      if (!/^[0-9a-f]{64}$/u.test(hash)) return null;
      if (folder === null) return files.get(hash) ?? null;
      const at = join(folder, 'files', hash);
      return existsSync(at) ? readFileSync(at) : null;
    },
    backup: () => {
      copy = JSON.stringify(all());
      if (folder !== null) writeWhole(join(folder, 'backup.json'), Buffer.from(copy, 'utf8'));
    },
    restore: () => {
      const kept = copy ?? (folder === null ? null : readFileSync(join(folder, 'backup.json'), 'utf8'));
      if (kept === null) throw new Error('no backup was made');
      for (const rows of tables.values()) rows.clear();
      byName.clear();
      for (const { kind, row } of JSON.parse(kept) as Entry[]) {
        table(kind).set(row.id, row);
        index(kind, row);
      }
      if (journal === null) return;
      if (handle !== null) closeSync(handle);
      const lines = [...log.map((taken) => ({ taken })), ...all()];
      writeWhole(journal, Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), 'utf8'));
      handle = openSync(journal, 'a');
    },
    close: () => {
      if (handle !== null) closeSync(handle);
      handle = null;
    },
  };

  function readJournal(file: string): Entry[] {
    if (!existsSync(file)) return [];
    const text = readFileSync(file, 'utf8');
    if (!text.endsWith('\n') && text !== '') writeWhole(file, Buffer.from(text.slice(0, text.lastIndexOf('\n') + 1), 'utf8'));
    const lines = text.split('\n').slice(0, -1);
    return lines.flatMap((line) => {
      const entry = JSON.parse(line) as Entry | { readonly taken: Taken };
      if ('row' in entry) return [entry];
      log.push(entry.taken);
      return [];
    });
  }
}

function writeWhole(file: string, bytes: Uint8Array): void {
  writeFileSync(`${file}.new`, bytes);
  renameSync(`${file}.new`, file);
}

/** A row after a change; `record` is merged unless `whole`. */
export const changedRow = (
  row: SimulatorRow,
  change: SimulatorChange,
  sequence: number,
  at: At,
  keeps: (record: JsonObject) => JsonObject,
): SimulatorRow => ({
  ...row,
  record: change.record === undefined ? row.record : keeps(change.whole === true ? change.record : { ...row.record, ...change.record }),
  stage: change.stage ?? row.stage,
  version: row.version + 1,
  sequence,
  at,
  acts: change.act === undefined ? row.acts : [...row.acts, change.act],
  extra: { ...row.extra, ...change.extra },
});
