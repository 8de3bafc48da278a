import type { RecordKind } from '../../src/kit/contract.ts';
import type { Compiled } from '../../src/mapping/compile.ts';
import type { LineId } from '../../src/mapping/contract.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { AgreedValue } from '../../src/model/line-value.ts';
import { viewOf } from '../../src/sync/sheet-view.ts';

interface Going {
  readonly sent: ReadonlyMap<LineId, AgreedValue>;
  readonly record: JsonObject;
}

/** What stands at the ministry when a person has typed a sheet: each text under the path that the sheet gives it. */
export function overSheet({ compiled, kind }: { readonly compiled: Compiled; readonly kind: RecordKind }, going: Going): JsonObject {
  const typed: Typed = {};
  for (const { fields } of viewOf(...deskOf(compiled, kind, going)).screens)
    for (const { key, is, text } of fields) if (is === 'value') put(typed, key.split('.'), text);
  return typed;
}

type Typed = { [name: string]: Json };

function put(into: Typed, [name = '', ...rest]: readonly string[], text: string): void {
  const [, list, nth] = /^(.*)\[(\d+)\]$/.exec(name) ?? [];
  if (list === undefined) {
    if (rest.length === 0) into[name] = text;
    else put(child(into, name), rest, text);
    return;
  }
  const entries = (into[list] ?? []) as Json[];
  into[list] = entries;
  const entry = (entries[Number(nth) - 1] ?? {}) as Typed;
  entries[Number(nth) - 1] = entry;
  put(entry, rest, text);
}

function child(into: Typed, name: string): Typed {
  const inner = (into[name] ?? {}) as Typed;
  into[name] = inner;
  return inner;
}

/** The sheet as it is prepared at once, of an attempt that is not opened yet. */
function deskOf({ mapping }: Compiled, kind: RecordKind, { sent, record }: Going): Parameters<typeof viewOf> {
  const { system, record: name } = mapping;
  const spoke = { title: { vi: system, en: system }, kinds: { [name]: kind } };
  const attempt = { id: 'a', act: null, sent: { lines: sent, record }, sends: 0, state: 'intended', intendedAt: 0, sentAt: null };
  const link = { id: 'l', code: '', system, record: name, mapping: mapping.id, externalId: null };
  const dossier = { head: { receivedAt: 0 }, body: { data: {}, applicant: {}, results: {}, files: [], choices: [] }, status: 2 };
  return [
    { spokes: new Map([[system, spoke]]), mappings: [] },
    { attempt, link, dossier },
  ] as unknown as Parameters<typeof viewOf>;
}
