import type { LineNode, MappingNode, PipeNode } from './ast.ts';
import { isFinding, type Ready, type World } from './conversions/contract.ts';
import { prepareChain } from './conversions/index.ts';
import type { Crosswalk } from './crosswalk.ts';
import { type Field, fieldAt } from './fields.ts';
import type { Form } from './hub-fields.ts';
import { guardOf, hubSlots, type Line, recordSlots } from './lines.ts';
import { below, type Path } from './paths.ts';
import type { Notes } from './tell.ts';

/** Syntax → lines: conversions made ready, paths turned into readers and writers. What cannot be built is told. */
export interface Source {
  readonly node: MappingNode;
  readonly form: Form;
  readonly record: Field;
  readonly crosswalks: ReadonlyMap<string, Crosswalk>;
}
export interface Block {
  readonly left: Path;
  readonly right: Path;
  /** The key as a line of its own; its element is what exists on a side. */
  readonly key: Line;
  /** Hub field that holds the key. */
  readonly hubKey: Path;
  readonly lines: readonly Line[];
}
export interface Built {
  readonly plain: readonly Line[];
  readonly blocks: readonly Block[];
  readonly crosswalks: ReadonlySet<string>;
}

interface Room {
  /** Fields of the two sides, or of the elements of a list. */
  readonly hub: Field | undefined;
  readonly record: Field | undefined;
  readonly source: Source;
  readonly used: Set<string>;
  readonly notes: Notes;
}

export function build(source: Source, notes: Notes): Built {
  const used = new Set<string>();
  const room: Room = { hub: source.form.document, record: source.record, source, used, notes };
  const plain = source.node.lines.flatMap((node) => buildLine(node, room, node.left.text) ?? []);
  const blocks = source.node.each.flatMap((node): Block[] => {
    const inner: Room = {
      ...room,
      hub: fieldAt(source.form.document, node.right.path)?.item ?? undefined,
      record: fieldAt(source.record, node.left.path)?.item ?? undefined,
    };
    const owner = node.lines.some((line) => line.owner !== 'take') || node.lines.length === 0 ? 'give' : 'take';
    const keyNode: LineNode = {
      owner: 'give',
      left: node.theirs.path,
      from: node.ours,
      seen: null,
      until: null,
      when: [],
      clear: node.clear,
      lossy: null,
      was: null,
      spot: node.theirs.spot,
    };
    const built = buildLine(keyNode, inner, '');
    const hubKey = node.ours.pipe.path;
    if (built === null || hubKey === null) return [];
    const id = (line: LineNode): string => `${line.owner === 'take' ? node.right.path.text : node.left.path.text}[].${line.left.text}`;
    const key: Line = {
      ...built,
      owner,
      id: owner === 'take' ? `${node.right.path.text}[].${hubKey.text}` : `${node.left.path.text}[].${node.theirs.path.text}`,
    };
    const lines = node.lines.flatMap((line) => buildLine(line, inner, id(line)) ?? []);
    return [{ left: node.left.path, right: node.right.path, key, hubKey, lines }];
  });
  return { plain, blocks, crosswalks: used };
}

function buildLine(node: LineNode, room: Room, id: string): Line | null {
  const isTake = node.owner === 'take';
  const { pipe } = node.from;
  const hubPath = isTake ? node.left : pipe.path;
  const recordPath = isTake ? pipe.path : node.left;
  if (recordPath === null) {
    room.notes.error(node.from.spot, 'argument', 'Giá trị cố định chỉ dùng ở give hoặc start.', 'A constant stands only in give or start.');
    return null;
  }
  const recordAt = (path: Path, rooted: boolean): Field | undefined => fieldAt(rooted ? room.source.record : room.record, path);
  const hubField = hubPath === null ? null : (fieldAt(pipe.rooted && !isTake ? room.source.form.document : room.hub, hubPath) ?? null);
  const calls = isTake ? [...pipe.calls].reverse() : pipe.calls;
  const world = worldOf(room, node, hubField, recordAt(recordPath, isTake && pipe.rooted) ?? null);
  const ready = prepare(calls, world, node.from, room.notes);
  if (ready === null) return null;
  const seen = seenOf(node, room, hubField, ready);
  if (seen === null) return null;
  return {
    id,
    owner: node.owner,
    node,
    ready: seen.folds ? { ...ready, folds: true } : ready,
    seenReady: seen.ready,
    hubPath,
    recordPath,
    hub: hubSlots(ready, hubPath, !isTake && pipe.rooted),
    record: recordSlots(ready, recordPath, recordAt),
    seen: recordSlots(seen.ready ?? ready, seen.path ?? recordPath, recordAt),
    holds: guardOf(node.when),
    cause: `${room.source.node.id.text}:${id}`,
  };
}

interface Seen {
  readonly path: Path | null;
  readonly ready: Ready | null;
  readonly folds: boolean;
}

/** Where and in what words the record is read; the line's own unless `seen` says otherwise. */
function seenOf(node: LineNode, room: Room, hubField: Field | null, own: Ready): Seen | null {
  const { seen } = node;
  if (seen === null) return { path: null, ready: null, folds: false };
  const path = seen.pipe.path;
  const calls = seen.pipe.calls;
  const carrying = calls.filter((call) => call.name !== 'fold' && call.name !== 'key');
  const ready = prepare(
    carrying.length === 0 ? [] : calls,
    worldOf(room, node, hubField, fieldAt(room.record, path) ?? null),
    seen,
    room.notes,
  );
  if (ready === null) return null;
  const folds = calls.some((call) => call.name === 'fold');
  return { path, ready: carrying.length === 0 || own.constant === true ? null : ready, folds };
}

const worldOf = (room: Room, node: LineNode, hub: Field | null, record: Field | null): World => ({
  crosswalk: (name) => {
    room.used.add(name);
    return room.source.crosswalks.get(name) ?? null;
  },
  lossy: node.lossy !== null,
  hub,
  record,
});

function prepare(calls: PipeNode['pipe']['calls'], world: World, pipe: PipeNode, notes: Notes): Ready | null {
  const ready = prepareChain(calls, world);
  if (!isFinding(ready)) return ready;
  const at = calls[0]?.at ?? 0;
  notes.error({ ...pipe.spot, column: pipe.spot.column + at }, ready.code, ready.vi, ready.en);
  return null;
}

/** The record's path of a line inside its list, as schemas name it. */
export const inList = (list: Path, path: Path): Path => below(list, path);
