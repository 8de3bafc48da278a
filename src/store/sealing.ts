import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { StoreFault } from './errors.ts';

/**
 * Sealing: AES-256-GCM with a random key per dossier, itself wrapped by a versioned master key. Every sealed value is
 * bound to its place (table, row, column), so that no value can be moved to another place unnoticed.
 */

/** Master keys by version; each is 32 bytes. New seals use `current`, the others only open. */
export interface MasterKeys {
  readonly current: number;
  readonly keys: ReadonlyMap<number, Uint8Array>;
}

/** A key wrapped by the master key of a version. */
export interface WrappedKey {
  readonly master: number;
  readonly wrapped: Uint8Array;
}

export interface Place {
  readonly table: string;
  readonly row: string;
  readonly column: string;
}

const ENVELOPE = 1;
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + IV_BYTES + TAG_BYTES;

/** Throws StoreFault `keys` when a key has another length or the current one is missing. */
export function checkMasterKeys(masters: MasterKeys): void {
  const wrong = [...masters.keys].find(([version, key]) => key.length !== KEY_BYTES || !Number.isSafeInteger(version) || version < 1);
  if (wrong !== undefined || !masters.keys.has(masters.current)) {
    throw new StoreFault(
      'keys',
      'Khóa niêm phong không dùng được: mỗi khóa phải đủ 32 byte, phiên bản là số từ 1, và phải có khóa của phiên bản hiện hành.',
      'The sealing keys cannot be used: each must have 32 bytes and a version from 1, and the current version must be among them.',
    );
  }
}

// Drawing random bytes one seal at a time costs more than the seal itself.
let drawn = Buffer.alloc(0);
function random(bytes: number): Buffer {
  if (drawn.length < bytes) drawn = randomBytes(4096);
  const taken = drawn.subarray(0, bytes);
  drawn = drawn.subarray(bytes);
  return taken;
}

export const newKey = (): Buffer => Buffer.from(random(KEY_BYTES));

/** Envelope: format, iv, tag, sealed bytes. */
export function seal(key: Uint8Array, place: Place, clear: Uint8Array): Buffer {
  const iv = random(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(bound(place));
  const sealed = cipher.update(clear);
  cipher.final();
  const envelope = Buffer.allocUnsafe(HEAD_BYTES + sealed.length);
  envelope[0] = ENVELOPE;
  envelope.set(iv, 1);
  envelope.set(cipher.getAuthTag(), 1 + IV_BYTES);
  envelope.set(sealed, HEAD_BYTES);
  return envelope;
}

/** Throws StoreFault `sealed` when the bytes were changed, moved from another place, or sealed with another key. */
export function open(key: Uint8Array, place: Place, envelope: Uint8Array): Buffer {
  if (envelope.length < HEAD_BYTES || envelope[0] !== ENVELOPE) throw broken(place);
  const decipher = createDecipheriv('aes-256-gcm', key, envelope.subarray(1, 1 + IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(bound(place));
  decipher.setAuthTag(envelope.subarray(1 + IV_BYTES, HEAD_BYTES));
  try {
    const clear = decipher.update(envelope.subarray(HEAD_BYTES));
    decipher.final();
    return clear;
  } catch (cause) {
    throw broken(place, cause);
  }
}

const bound = (place: Place): Buffer => Buffer.from(`${place.table}|${place.row}|${place.column}`);

const broken = (place: Place, cause?: unknown): StoreFault =>
  new StoreFault(
    'sealed',
    `Giá trị niêm phong ở bảng ${place.table}, cột ${place.column} không mở được: dữ liệu bị sửa hoặc sai khóa. Hãy chạy "motlan key verify".`,
    `A sealed value in table ${place.table}, column ${place.column} does not open: it was changed, or the key is another. Run "motlan key verify".`,
    { cause },
  );

/** Wraps `key` by the current master; `owner` (a dossier code, or the name of a store-wide key) is bound in. */
export function wrap(masters: MasterKeys, owner: string, key: Uint8Array): WrappedKey {
  return { master: masters.current, wrapped: seal(masterOf(masters, masters.current), wrapping(owner, masters.current), key) };
}

/** Throws StoreFault `keys` when the master of that version is not at hand. */
export function unwrap(masters: MasterKeys, owner: string, key: WrappedKey): Buffer {
  return open(masterOf(masters, key.master), wrapping(owner, key.master), key.wrapped);
}

const wrapping = (owner: string, master: number): Place => ({ table: 'key', row: owner, column: String(master) });

function masterOf(masters: MasterKeys, version: number): Uint8Array {
  const key = masters.keys.get(version);
  if (key !== undefined) return key;
  throw new StoreFault(
    'keys',
    `Thiếu khóa niêm phong phiên bản ${version}. Hãy thêm lại khóa này vào cấu hình.`,
    `Sealing key version ${version} is missing. Add it to the configuration again.`,
  );
}

/** Keyed hashes for look-ups: 128 bits, hex. One derived key for each kind, so that kinds cannot be compared with one another. */
export function lookupHasher(root: Uint8Array): (kind: string, value: string) => string {
  const keys = new Map<string, Buffer>();
  const keyOf = (kind: string): Buffer => {
    const known = keys.get(kind);
    if (known !== undefined) return known;
    const derived = Buffer.from(hkdfSync('sha256', root, '', `motlan lookup ${kind}`, KEY_BYTES));
    keys.set(kind, derived);
    return derived;
  };
  return (kind, value) => createHmac('sha256', keyOf(kind)).update(value).digest('hex').slice(0, 32);
}
