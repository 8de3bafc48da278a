import type { Json, JsonObject } from '../model/json.ts';
import { ABSENT } from '../model/line-value.ts';
import type { PhaseNode } from './ast.ts';
import type { HubSide, Mapping, PhaseReading } from './contract.ts';
import { type Line, oursOf } from './lines.ts';
import { isWithin, json, reader } from './paths.ts';

/** What a record says of its stage. */
export function phaseReader(phase: PhaseNode | null): Mapping['phase'] {
  if (phase === null) return () => ({ is: 'unseen' });
  const from = phase.from.path;
  const read = reader(from);
  const notes = phase.notes.map((note) => ({ text: note.path.text, read: reader(note.path) }));
  return (record, covers): PhaseReading => {
    const covered = (path: string): boolean => covers === 'all' || covers.some((prefix) => isWithin(path, prefix));
    const stated = covered(from.text) ? json(read(record)) : undefined;
    if (stated === undefined || stated === null || stated === '') return { is: 'unseen' };
    const code = typeof stated === 'object' ? '' : String(stated).trim();
    const meaning = phase.map.get(code) ?? phase.map.get(code.replace(/^0+(?=\d)/, '').replace(/\.0+$/, ''));
    if (meaning === undefined) return { is: 'unknown', code };
    const note = notes
      .filter((each) => covered(each.text))
      .map((each) => json(each.read(record)))
      .find((text) => typeof text === 'string' && text.trim() !== '');
    return { is: 'phase', phase: meaning, code, note: typeof note === 'string' ? note : null };
  };
}

/** Fields of the first set that the hub can fill completely; null when it can fill none. */
export function findFields(lines: readonly Line[], hub: HubSide, by: readonly (readonly string[])[]): JsonObject | null {
  const scope = { root: hub.document, here: hub.document };
  for (const set of by) {
    const fields = new Map<string, Json>();
    for (const name of set) {
      const line = lines.find((each) => each.recordPath.text === name) ?? lines.find((each) => each.seen[0]?.path.text === name);
      const found = line === undefined ? ABSENT : oursOf(line, scope, hub);
      if (found.is === 'value') fields.set(name, line?.record[0]?.cast(found.value) ?? found.value);
    }
    if (set.length > 0 && fields.size === set.length) return Object.fromEntries(fields);
  }
  return null;
}
