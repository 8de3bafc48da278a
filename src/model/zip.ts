/** What a ZIP holds, so that one that would unpack without bound, or hides something, is refused before it is opened. */

export interface ZipEntry {
  readonly name: string;
  /** 0 = stored, 8 = deflated. */
  readonly method: number;
  readonly packed: Uint8Array;
  /** What the directory states. */
  readonly sizeBytes: number;
}

const END_OF_DIRECTORY = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const LONGEST_COMMENT = 65_557;
const ENCRYPTED = 1;
const UTF8 = 0x800;
/** Behind an entry its sizes may stand once more. */
const LONGEST_TRAILER = 24;
const MOST_ENTRIES = 10_000;

/**
 * The entries by the directory at the end; null where there is none or it is not the whole truth: an entry that another
 * reader would see and the directory does not name, one that is encrypted or overlaps.
 */
export function zipEntries(zip: Uint8Array): readonly ZipEntry[] | null {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = endOfDirectory(view);
  if (end === null) return null;
  const count = view.getUint16(end + 10, true);
  const start = view.getUint32(end + 16, true);
  if (count > MOST_ENTRIES || start > end) return null;
  const entries: (ZipEntry & { readonly from: number; readonly to: number })[] = [];
  let at = start;
  for (let index = 0; index < count; index += 1) {
    const entry = entryAt(zip, view, at, start);
    if (entry === null) return null;
    entries.push(entry);
    at = entry.next;
  }
  const byPlace = [...entries].sort((a, b) => a.from - b.from);
  const gaps = byPlace.map((entry, index) => (byPlace[index + 1]?.from ?? start) - entry.to);
  return byPlace[0]?.from === 0 && gaps.every((gap) => gap >= 0 && gap <= LONGEST_TRAILER) ? entries : null;
}

function endOfDirectory(view: DataView): number | null {
  const first = Math.max(0, view.byteLength - LONGEST_COMMENT);
  for (let end = view.byteLength - 22; end >= first; end -= 1) if (view.getUint32(end, true) === END_OF_DIRECTORY) return end;
  return null;
}

function entryAt(zip: Uint8Array, view: DataView, at: number, limit: number) {
  if (at + 46 > view.byteLength || view.getUint32(at, true) !== ENTRY) return null;
  const flags = view.getUint16(at + 8, true);
  const packedBytes = view.getUint32(at + 20, true);
  const nameLength = view.getUint16(at + 28, true);
  const from = view.getUint32(at + 42, true);
  if ((flags & ENCRYPTED) !== 0 || from + 30 > limit || view.getUint32(from, true) !== LOCAL) return null;
  const data = from + 30 + view.getUint16(from + 26, true) + view.getUint16(from + 28, true);
  if (data + packedBytes > limit) return null;
  const name = new TextDecoder((flags & UTF8) === 0 ? 'latin1' : 'utf-8').decode(zip.subarray(at + 46, at + 46 + nameLength));
  return {
    name,
    method: view.getUint16(at + 10, true),
    packed: zip.subarray(data, data + packedBytes),
    sizeBytes: view.getUint32(at + 24, true),
    from,
    to: data + packedBytes,
    next: at + 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true),
  };
}

/** Unpacks raw deflate data; throws when it is broken or comes to more than `mostBytes`. */
export type Inflate = (packed: Uint8Array, mostBytes: number) => Uint8Array;

/** The entry's bytes; null when they are not exactly as many as the directory states, or cannot be unpacked. */
export function unpacked(entry: ZipEntry, inflate: Inflate): Uint8Array | null {
  if (entry.method === 0) return entry.packed.byteLength === entry.sizeBytes ? entry.packed : null;
  if (entry.method !== 8) return null;
  try {
    const bytes = inflate(entry.packed, Math.max(entry.sizeBytes, 1));
    return bytes.byteLength === entry.sizeBytes ? bytes : null;
  } catch {
    return null;
  }
}

/** Whether everything unpacks to at most `mostBytes`, really and not only by what the directory states. */
export function unpacksWithin(zip: Uint8Array, mostBytes: number, inflate: Inflate): boolean {
  const entries = zipEntries(zip);
  if (entries === null || entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) > mostBytes) return false;
  return entries.every((entry) => unpacked(entry, inflate) !== null);
}
