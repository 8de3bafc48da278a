import type { Json, JsonObject, SimulatorDesk, SimulatorRow } from '../../../src/kit/index.ts';
import { kindOfForm } from '../wire.ts';

/** Dossiers of the simulated one-stop: rows seen as documents, found by either code. */

export const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
export const statusOf = (row: SimulatorRow): number => Number(row.record.status);

export const recordOf = (row: SimulatorRow): JsonObject => ({ ...row.record, revision: row.version });
export const documentOf = (row: SimulatorRow): JsonObject => ({
  key: row.key,
  revision: row.version,
  changedAt: new Date(row.at).toISOString(),
  dossier: recordOf(row),
});

export interface Found {
  readonly kind: string;
  readonly row: SimulatorRow;
}

/** Where each code leads; codes never change hands, so the map only has to be emptied after a restore. */
export interface Codes {
  /** The record kinds of the simulated one-stop. */
  readonly kinds: readonly string[];
  find(code: string): Found | null;
  forget(): void;
}

export function openCodes(desk: SimulatorDesk, kinds: readonly string[]): Codes {
  const places = new Map<string, { readonly kind: string; readonly id: string }>();
  const note = (kind: string, row: SimulatorRow) => {
    for (const code of [text(row.record.code), text(row.record.nationalCode)])
      if (code !== '' && !places.has(code)) places.set(code, { kind, id: row.id });
  };
  const known = (code: string): Found | null => {
    const place = places.get(code);
    const row = place === undefined ? null : desk.get(place.kind, place.id);
    if (place === undefined || row === null) return null;
    return row.record.code === code || row.record.nationalCode === code ? { kind: place.kind, row } : null;
  };
  const counted = new Map<string, number>();
  return {
    kinds,
    find: (code) => {
      const hit = known(code);
      if (hit !== null) return hit;
      for (const kind of kinds) {
        const rows = desk.rows(kind);
        for (const row of rows.slice(counted.get(kind) ?? 0)) note(kind, row);
        counted.set(kind, rows.length);
      }
      return known(code);
    },
    forget: () => {
      places.clear();
      counted.clear();
    },
  };
}

export const kindOfRecord = ({ kinds }: Codes, record: JsonObject): string | null => kindOfForm(kinds, text(record.form));

/** RFC 7396: objects merge, null removes, everything else replaces. */
export function merged(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const base: Record<string, Json | undefined> = { ...(isObject(target) ? target : {}) };
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) delete base[name];
    else base[name] = merged(base[name], value);
  }
  return base;
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
