import type { Json, JsonObject } from '../model/json.ts';
import type { AgreedValue } from '../model/line-value.ts';
import type { Block } from './build.ts';
import { type Line, writeLine } from './lines.ts';
import type { ListLine } from './list-lines.ts';
import { type Draft, isObject, json } from './paths.ts';

/** Agreed values as a record, or as the part of it that says them. */
export function write(
  values: ReadonlyMap<string, AgreedValue>,
  plain: ReadonlyMap<string, Line>,
  find: (id: string) => ListLine | null,
): JsonObject {
  const record: Draft = {};
  for (const [id, each] of values) {
    if (each.is === 'absent') continue;
    const line = plain.get(id);
    if (line !== undefined) writeValue(line, each, record, record);
    else writeInList(find(id), id, each, record);
  }
  return record;
}

function writeValue(line: Line, of: AgreedValue, root: Draft, here: Draft): void {
  if (of.is === 'value') writeLine(line, of.value, root, here);
  else if (line.node.clear === 'null' || line.node.clear === 'empty') {
    for (const slot of line.record) slot.write(slot.rooted ? root : here, line.node.clear === 'null' ? null : '');
  }
}

function writeInList(found: ListLine | null, id: string, of: AgreedValue, record: Draft): void {
  if (found === null) throw new RangeError(`no line "${id.replace(/\[.*\]/, '[…]')}"`);
  const { block, line, key } = found;
  const elements = listIn(record, block);
  const [keySlot] = block.key.record;
  if (keySlot === undefined) return;
  const kept = keySlot.cast(key);
  const element = elements.find((each) => json(keySlot.read(each)) === kept) ?? made(elements, keySlot.write, kept);
  writeValue(line, of, record, element);
}

function made(elements: Draft[], write: (into: Draft, of: Json) => void, key: Json): Draft {
  const element: Draft = {};
  write(element, key);
  elements.push(element);
  return element;
}

function listIn(record: Draft, block: Block): Draft[] {
  let here = record;
  const steps = block.left.steps;
  for (const step of steps.slice(0, -1)) {
    const next = here[step.name];
    const inner: Draft = isObject(next) ? (next as Draft) : {};
    here[step.name] = inner;
    here = inner;
  }
  const name = steps.at(-1)?.name ?? '';
  const kept = here[name];
  const list = Array.isArray(kept) ? (kept as Draft[]) : [];
  here[name] = list;
  return list;
}
