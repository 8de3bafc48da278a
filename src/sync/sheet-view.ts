import { type RecordKind, type ScreenField, type Screens, screensOfSchema } from '../kit/index.ts';
import type { LineId, Mapping } from '../mapping/contract.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { AgreedValue, LineValue } from '../model/line-value.ts';
import type { Attempt, Dossier, Link } from '../store/contract.ts';
import type { EnginePorts, SheetField, SheetShown } from './contract.ts';
import { hubSide } from './hub.ts';
import { sheetState } from './sheet.ts';

interface Desk {
  readonly attempt: Attempt;
  readonly link: Link;
  readonly dossier: Dossier;
}

/** A sheet as a person types from it: the ministry's screens in their order, each value ready to paste. */
export function viewOf(ports: Pick<EnginePorts, 'spokes' | 'mappings'>, { attempt, link, dossier }: Desk): SheetShown {
  const spoke = ports.spokes.get(link.system);
  const kind = spoke?.kinds[link.record];
  const mapping = ports.mappings.find((candidate) => candidate.id === link.mapping) ?? null;
  const ours = mapping?.ours(hubSide(dossier)) ?? new Map<LineId, LineValue>();
  const screens = screensOf(kind);
  const filled = filledScreens(screens, attempt, unknownOf(mapping, ours));
  return {
    id: attempt.id,
    link: link.id,
    code: link.code,
    system: link.system,
    record: link.record,
    title: spoke?.title ?? { vi: link.system, en: link.system },
    what: attempt.act === null ? 'whole' : 'supplement',
    state: sheetState(attempt),
    revision: attempt.sends,
    number: { label: screens.number.label, known: link.externalId },
    preparedAt: attempt.intendedAt,
    openedAt: attempt.sends > 0 ? attempt.sentAt : null,
    screens: filled,
    changed: mapping === null ? [] : changedSince(mapping, screens, attempt, ours),
  };
}

/** Fields the person fills in from the papers. */
export const askedOn = (sheet: Pick<SheetShown, 'screens'>): readonly SheetField[] =>
  sheet.screens.flatMap(({ fields }) => fields.filter((field) => field.is === 'asked'));

const screensOf = (kind: RecordKind | undefined): Screens => kind?.screens ?? screensOfSchema(kind?.schema ?? {});

/** Record paths whose code no row knows: the person picks it in the ministry's own list. */
function unknownOf(mapping: Mapping | null, ours: ReadonlyMap<LineId, LineValue>): ReadonlySet<string> {
  const unknown = [...ours].filter(([line, value]) => value.is === 'invalid' && mapping?.rule(line).owner !== 'take');
  return new Set(unknown.map(([line]) => bare(line)));
}

/** `list[KEY].field` → `list[].field`, as screens name it. */
const bare = (line: LineId): string => line.replace(/\[(?:"(?:[^"\\]|\\.)*"|[^\]]*)\]/g, '[]');

/** What the ministry's screen calls a line; the line itself where no screen names it. */
export function labelOf(kind: RecordKind, line: LineId): string {
  const fields = screensOf(kind).screens.flatMap((screen) => screen.fields);
  return fields.find(({ field }) => field === bare(line))?.label ?? line;
}

interface Found {
  readonly path: string;
  readonly nth: number | null;
  readonly value: Json;
}

/** Values at a screen's path; one for each entry of a list. */
function valuesAt(record: JsonObject, path: string): readonly Found[] {
  const [list, rest] = splitOnce(path, '[].');
  if (rest === null) {
    const value = at(record, list);
    return value === undefined ? [] : [{ path, nth: null, value }];
  }
  const entries = at(record, list);
  return (Array.isArray(entries) ? (entries as readonly Json[]) : []).flatMap((entry, index) =>
    valuesAt(isObject(entry) ? entry : {}, rest).map(({ value }) => ({ path, nth: index + 1, value })),
  );
}

const splitOnce = (text: string, by: string): readonly [string, string | null] => {
  const index = text.indexOf(by);
  return index < 0 ? [text, null] : [text.slice(0, index), text.slice(index + by.length)];
};

const at = (record: JsonObject, path: string): Json | undefined =>
  path.split('.').reduce<Json | undefined>((here, name) => (isObject(here) ? here[name] : undefined), record);

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every path of a record that ends in a value, lists as `list[].field`; a file is one value. */
function recordPaths(record: JsonObject, prefix = ''): readonly string[] {
  return Object.entries(record).flatMap(([name, value]) => {
    const path = `${prefix}${name}`;
    if (Array.isArray(value)) {
      const entries = (value as readonly Json[]).filter(isObject);
      return entries.length === 0 ? [path] : entries.flatMap((entry) => recordPaths(entry, `${path}[].`));
    }
    return isObject(value) && !('mime' in value && 'sizeBytes' in value) ? recordPaths(value, `${path}.`) : [path];
  });
}

/** Text to paste, and what the screen shows for it. A file is told by its name. */
function textOf(value: Json): string {
  if (isObject(value)) return typeof value.name === 'string' ? value.name : JSON.stringify(value);
  return Array.isArray(value) ? (value as readonly Json[]).map(textOf).join('; ') : value === null ? '' : String(value);
}

const labelled = (field: ScreenField, nth: number | null): string => (nth === null ? field.label : `${field.label} (${nth})`);

function valueField(field: ScreenField, { path, nth, value }: Found): SheetField {
  const text = textOf(value);
  const key = nth === null ? path : path.replace('[]', `[${nth}]`);
  return {
    key,
    label: labelled(field, nth),
    note: field.note,
    is: 'value',
    text,
    shown: field.shown[text] ?? null,
    required: field.required,
  };
}

const askedField = (field: ScreenField, required: boolean): SheetField => ({
  ...{ key: field.field ?? field.label, label: field.label, note: field.note, is: 'asked', text: '', shown: null, required },
});

const clearedField = (field: ScreenField, key: string): SheetField => ({
  ...{ key, label: field.label, note: field.note, is: 'cleared', text: '', shown: null, required: field.required },
});

const OTHERS = 'Thông tin khác';

/** Every value stands once: in its place on its screen, or, where no screen has it, at the end. */
function filledScreens(screens: Screens, attempt: Attempt, unknown: ReadonlySet<string>): SheetShown['screens'] {
  const { lines, record } = attempt.sent;
  const cleared = [...lines].flatMap(([line, value]) => (value.is === 'value' ? [] : [{ line, path: bare(line) }]));
  const isWhole = attempt.act === null;
  const placed = new Set<string>();
  const fieldsOf = (field: ScreenField): readonly SheetField[] => {
    const path = field.field;
    if (path === null) return isWhole ? [askedField(field, field.required)] : [];
    placed.add(path);
    const gone = cleared.find((each) => path === each.path || path.startsWith(`${each.path}.`));
    if (gone !== undefined) return [clearedField(field, gone.line)];
    const found = valuesAt(record, path);
    if (found.length > 0) return found.map((each) => valueField(field, each));
    return isWhole && (field.ask || field.required || unknown.has(path)) ? [askedField(field, field.required || unknown.has(path))] : [];
  };
  const filled = screens.screens.map(({ title, fields }) => ({ title, fields: fields.flatMap(fieldsOf) }));
  const isPlaced = (path: string): boolean => [...placed].some((each) => each === path || each.startsWith(`${path}.`));
  const rest = [...new Set([...recordPaths(record), ...cleared.map(({ path }) => path)])].filter((path) => !isPlaced(path));
  const others = rest.flatMap((path) => fieldsOf({ field: path, label: path, note: null, shown: {}, required: false, ask: false }));
  return [...filled, { title: OTHERS, fields: others }].filter(({ fields }) => fields.length > 0);
}

/** What the dossier says otherwise since the sheet was prepared: the person sees it before typing an old value. */
function changedSince(mapping: Mapping, screens: Screens, attempt: Attempt, ours: ReadonlyMap<LineId, LineValue>): SheetShown['changed'] {
  if (sheetState(attempt) === 'closed' || sheetState(attempt) === 'dropped') return [];
  const labels = new Map(
    screens.screens.flatMap(({ fields }) => fields.flatMap((one) => (one.field === null ? [] : [[one.field, one.label]]))),
  );
  const { lines } = attempt.sent;
  const ids = new Set([...lines.keys(), ...(attempt.act === null ? ours.keys() : [])]);
  return [...ids].flatMap((line) => {
    const rule = mapping.rule(line);
    if (rule.owner === 'take' || rule.isKey || rule.isFile) return [];
    const before: AgreedValue = lines.get(line) ?? { is: 'absent' };
    const now = ours.get(line) ?? { is: 'absent' as const };
    if (now.is === 'unseen' || now.is === 'invalid' || mapping.equal(line, before, now)) return [];
    const text = (value: AgreedValue): string => (value.is === 'value' ? textOf(value.value) : '');
    return [{ key: line, label: labels.get(bare(line)) ?? line, before: text(before), now: text(now) }];
  });
}
