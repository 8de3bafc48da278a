import { type Block, type Built, inList, type Source } from './build.ts';
import { checkWorld } from './closed-world.ts';
import type { Sides } from './conversions/contract.ts';
import { type Field, fieldAt } from './fields.ts';
import { hubPartPath, type Line } from './lines.ts';
import { below, isWithin, type Path } from './paths.ts';
import type { Notes, Spot } from './tell.ts';

/** Everything a mapping must be before it may run, as far as one file can tell. */
export function check(source: Source, built: Built, notes: Notes): void {
  for (const line of built.plain) checkLine(line, { hub: source.form.document, record: source.record, source, notes });
  for (const block of built.blocks) checkBlock(block, source, notes);
  checkWriters(built, notes);
  checkPaths(source, notes);
  checkKey(source, built, notes);
  if (!hasSyntaxErrors(source, notes)) checkWorld(source, built, notes);
}

/** Lines that could not even be read are gone: to call their fields unmapped would only be noise. */
const hasSyntaxErrors = (source: Source, notes: Notes): boolean =>
  notes.all.some((each) => each.file === source.node.spot.file && LOST.has(each.code));
const LOST: ReadonlySet<string> = new Set(['pipe-syntax', 'path-syntax', 'index-path', 'wrong-shape', 'duplicate-key', 'missing-key']);

interface Room {
  readonly hub: Field | undefined;
  readonly record: Field | undefined;
  readonly source: Source;
  readonly notes: Notes;
}

function unknownPath(notes: Notes, spot: Spot, path: string, where: 'mẫu đơn' | 'bản ghi'): void {
  const there = where === 'bản ghi' ? 'the record' : 'the form';
  notes.error(spot, 'unknown-path', `Không có trường "${path}" trong ${where}.`, `There is no field "${path}" in ${there}.`);
}

function checkLine(line: Line, room: Room): void {
  const { notes, source } = room;
  const { node } = line;
  const isTake = node.owner === 'take';
  const pipeSpot = { ...node.from.spot, column: node.from.spot.column + node.from.pipe.at };
  const [hubSpot, recordSpot] = isTake ? [node.spot, pipeSpot] : [pipeSpot, node.spot];
  const hubRoot = !isTake && node.from.pipe.rooted ? source.form.document : room.hub;
  const hub = line.hubPath === null ? undefined : fieldAt(hubRoot, line.hubPath);
  const parts = line.hub.filter((slot) => fieldAt(slot.rooted ? source.form.document : room.hub, slot.path) === undefined);
  const there = line.record.filter((slot) => fieldAt(slot.rooted ? source.record : room.record, slot.path) === undefined);
  for (const slot of parts) unknownPath(notes, hubSpot, slot.path.text, 'mẫu đơn');
  for (const slot of there) unknownPath(notes, recordSpot, slot.path.text, 'bản ghi');
  if (line.hubPath !== null && hub === undefined && parts.length === 0) unknownPath(notes, hubSpot, line.hubPath.text, 'mẫu đơn');
  if (node.seen !== null) checkSeen(line, room);
  checkGuards(line, room);
  if (parts.length > 0 || there.length > 0) return;
  const sides = sidesOf(line, room, hub);
  for (const found of line.ready.check(sides)) notes.error(isTake ? recordSpot : hubSpot, found.code, found.vi, found.en);
}

function sidesOf(line: Line, room: Room, hub: Field | undefined): Sides {
  const { source } = room;
  return {
    hub: line.hubPath === null ? null : (hub ?? null),
    record: fieldAt(room.record, line.recordPath) ?? null,
    lossy: line.node.lossy !== null,
    comesIn: line.owner === 'take' || line.owner === 'share',
    hubPart: (part) => {
      if (line.hubPath === null) return undefined;
      return fieldAt(part.where === 'root' ? source.form.document : room.hub, hubPartPath(part, line.hubPath));
    },
    recordPart: (part) =>
      part.where === 'root' ? fieldAt(source.record, part.path) : fieldAt(room.record, below(line.recordPath, part.path)),
  };
}

function checkSeen(line: Line, room: Room): void {
  const seen = line.node.seen;
  if (seen === null) return;
  const missing = line.seen.find((slot) => fieldAt(slot.rooted ? room.source.record : room.record, slot.path) === undefined);
  if (missing !== undefined) unknownPath(room.notes, seen.spot, missing.path.text, 'bản ghi');
}

function checkGuards(line: Line, room: Room): void {
  for (const guard of line.node.when) {
    const root = guard.rooted ? room.source.form.document : room.hub;
    const field = fieldAt(root, guard.path);
    if (field === undefined) unknownPath(room.notes, guard.spot, guard.path.text, 'mẫu đơn');
    const own = line.hub.some(
      (slot) => slot.rooted === guard.rooted && (isWithin(guard.path.text, slot.path.text) || isWithin(slot.path.text, guard.path.text)),
    );
    if (own) {
      room.notes.error(
        guard.spot,
        'guard-reads-own',
        'Điều kiện không được đọc chính trường mà dòng này ghi.',
        'A guard must not read what its own line writes.',
      );
    }
    const values = typeof guard.test === 'string' ? [] : guard.test;
    const outside = field?.enum == null ? [] : values.filter((each) => field.enum?.includes(each) === false);
    if (outside.length > 0) {
      room.notes.error(
        guard.spot,
        'argument',
        `Trường này không có giá trị: ${outside.join(', ')}.`,
        `This field never holds: ${outside.join(', ')}.`,
      );
    }
  }
}

function checkBlock(block: Block, source: Source, notes: Notes): void {
  const hub = fieldAt(source.form.document, block.right);
  const record = fieldAt(source.record, block.left);
  const { spot } = block.key.node;
  if (hub?.type !== 'list') unknownPath(notes, spot, block.right.text, 'mẫu đơn');
  if (record?.type !== 'list') unknownPath(notes, spot, block.left.text, 'bản ghi');
  if (hub?.type !== 'list' || record?.type !== 'list') return;
  const room: Room = { hub: hub.item ?? undefined, record: record.item ?? undefined, source, notes };
  for (const line of [block.key, ...block.lines]) checkLine(line, room);
}

/** No field may be written by two lines, on either side. */
function checkWriters(built: Built, notes: Notes): void {
  const record = new Map<string, Line>();
  const hub = new Map<string, Line>();
  const claim = (side: Map<string, Line>, path: string, line: Line): void => {
    const other = [...side].find(([taken, writer]) => writer !== line && (isWithin(path, taken) || isWithin(taken, path)));
    if (other !== undefined) {
      notes.error(
        line.node.spot,
        'two-writers',
        `Trường "${path}" đã được dòng "${other[1].id}" ghi.`,
        `Field "${path}" is already written by line "${other[1].id}".`,
      );
    }
    side.set(path, line);
  };
  const all = (lines: readonly Line[], left: Path | null, right: Path | null): void => {
    for (const line of lines) {
      const within = (list: Path | null, path: Path, rooted: boolean): string =>
        list === null || rooted ? path.text : inList(list, path).text;
      if (line.owner === 'take') for (const slot of line.hub) claim(hub, within(right, slot.path, slot.rooted), line);
      else for (const slot of line.record) claim(record, within(left, slot.path, slot.rooted), line);
    }
  };
  all(built.plain, null, null);
  for (const block of built.blocks) all([block.key, ...block.lines], block.left, block.right);
}

function checkPaths(source: Source, notes: Notes): void {
  const { node, form, record } = source;
  for (const need of node.needs) {
    if (fieldAt(form.document, need.path) === undefined) unknownPath(notes, need.spot, need.path.text, 'mẫu đơn');
  }
  for (const each of node.desk?.of ?? []) {
    if (fieldAt(form.document, each.path) === undefined) unknownPath(notes, each.spot, each.path.text, 'mẫu đơn');
  }
  if (node.desk !== null && !source.crosswalks.has(node.desk.in.text)) {
    const { spot, text } = node.desk.in;
    notes.error(spot, 'unknown-crosswalk', `Không có bảng đối chiếu "${text}".`, `There is no crosswalk "${text}".`);
  }
  for (const each of node.phase === null ? [] : [node.phase.from, ...node.phase.notes]) {
    if (fieldAt(record, each.path) === undefined) unknownPath(notes, each.spot, each.path.text, 'bản ghi');
  }
  for (const each of node.ignore.ours) {
    if (fieldAt(form.document, each.path) === undefined) unknownPath(notes, each.spot, each.path.text, 'mẫu đơn');
  }
  for (const each of [...node.ignore.theirs, ...node.ignore.drop]) {
    if (fieldAt(record, each.path) === undefined) unknownPath(notes, each.spot, each.path.text, 'bản ghi');
  }
}

/** A record that we write must carry our key, else a lost answer could never be found again. */
function checkKey(source: Source, built: Built, notes: Notes): void {
  const writes = built.plain.some((line) => line.owner !== 'take');
  const keys = built.plain.filter((line) => line.ready.isKey === true);
  if (writes && keys.length === 0) {
    notes.error(
      source.node.id.spot,
      'key-missing',
      'Thiếu dòng mang khóa của ta, ví dụ: maHoSo: code | key.',
      'No line carries our key, e.g. maHoSo: code | key.',
    );
  }
  const second = keys[1];
  if (second !== undefined)
    notes.error(second.node.spot, 'two-writers', 'Chỉ được có một dòng mang khóa.', 'Only one line may carry the key.');
}
