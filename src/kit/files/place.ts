import { Trouble, type TroubleDetail } from '../trouble.ts';

/** A place where files come and go, the same to inbox and outbox whether it is a folder here or at an SFTP server. */
export interface FilePlace {
  /** Plain files of one folder; no links, no folders. Throws Trouble when the folder is not there. */
  list(folder: string, signal: AbortSignal): Promise<readonly PlacedFile[]>;
  /** Plain file or nothing. */
  look(path: string, signal: AbortSignal): Promise<PlacedFile | null>;
  /** null when there is no such file. More than `mostBytes` is trouble. */
  read(path: string, mostBytes: number, signal: AbortSignal): Promise<Uint8Array | null>;
  /** On the disk when it resolves, replacing what stood there. Makes the folders it needs below `path` when `folders` is true. */
  write(path: string, bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  /** In one step; false when there is nothing to move. */
  move(from: string, to: string, signal: AbortSignal): Promise<boolean>;
  /** Makes a folder with those above it, where it is not there. */
  makeFolder(folder: string, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface PlacedFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** As the place counts time; for comparing with itself only. */
  readonly modifiedAt: number;
}

const WORDS = {
  away: ['unavailable', 'system', 'Không tới được thư mục trao đổi tệp.', 'The exchange folder cannot be reached.'],
  full: ['unavailable', 'system', 'Ổ đĩa trao đổi tệp đã đầy.', 'The disk of the exchange folder is full.'],
  denied: ['setup', 'system', 'Không có quyền trên thư mục trao đổi tệp.', 'No permission on the exchange folder.'],
  aborted: ['unavailable', 'record', 'Việc trao đổi tệp đã bị dừng.', 'The exchange of files was stopped.'],
  timeout: ['unavailable', 'system', 'Máy chủ tệp trả lời quá chậm.', 'The file server did not answer in time.'],
  lost: [
    'unsure',
    'record',
    'Mất kết nối khi đặt tệp; chưa rõ tệp đã tới nơi chưa.',
    'The connection was lost while a file was put in place.',
  ],
  key: ['setup', 'system', 'Khoá của máy chủ tệp không phải khoá đã ghim.', 'The host key of the file server is not the pinned one.'],
  login: ['setup', 'system', 'Máy chủ tệp không nhận thông tin đăng nhập.', 'The file server does not accept our log-in.'],
  size: ['refused', 'record', 'Tệp vượt quá kích thước cho phép.', 'The file is larger than allowed.'],
  exists: ['refused', 'record', 'Đã có tệp khác cùng tên ở thư mục gửi.', 'Another file of that name stands in the out-folder.'],
  name: ['setup', 'procedure', 'Tên tệp không hợp lệ.', 'The name of the file cannot be used.'],
} as const satisfies Readonly<Record<string, readonly [TroubleDetail['kind'], TroubleDetail['scope'], string, string]>>;
export type PlaceWord = keyof typeof WORDS;

export function placeTrouble(word: PlaceWord): Trouble {
  const [kind, scope, vi, en] = WORDS[word];
  return new Trouble({ kind, scope, code: `place.${word}`, vi, en });
}

export function goOn(signal: AbortSignal): void {
  if (signal.aborted) throw placeTrouble('aborted');
}

/** One part of a path: no way up, no hidden file, nothing a shell or Windows stumbles over. */
const PART = /^(?!\.)[^\p{Cc}/\\:*?"<>|]{1,180}(?<![. ])$/u;

export const isFileName = (name: string): boolean => PART.test(name);

/** `name` as it is; trouble when it is no plain name of a file. */
export function fileName(name: string): string {
  if (!isFileName(name)) throw placeTrouble('name');
  return name.normalize('NFC');
}

/** How a file is called until it is whole; readers leave such names alone. */
export const partName = (name: string): string => `.${name}.part`;
