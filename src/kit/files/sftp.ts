import { createHash, timingSafeEqual } from 'node:crypto';
import { connect as netConnect } from 'node:net';
import { posix } from 'node:path';
import SftpClient from 'ssh2-sftp-client';
import type { Secret } from '../secret.ts';
import { isTrouble } from '../trouble.ts';
import { type FilePlace, goOn, type PlacedFile, type PlaceWord, placeTrouble } from './place.ts';

/** A folder at an SFTP server, whose host key is pinned. */
export interface SftpOptions {
  readonly host: string;
  readonly port?: number;
  readonly username: string;
  readonly password?: Secret;
  /** OpenSSH or PEM text. */
  readonly privateKey?: Secret;
  readonly passphrase?: Secret;
  /** `SHA256:…` as `ssh-keygen -lf` prints it; another key is trouble `setup`, and nothing is sent. */
  readonly hostKey: string;
  /** Paths are below it. */
  readonly root: string;
  /** For the log-in and for each step; default 30 seconds. */
  readonly timeoutMs?: number;
}

type SFTPWrapper = Awaited<ReturnType<SftpClient['connect']>>;
interface Stats {
  readonly mode: number;
  readonly size: number;
  readonly mtime: number;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const CHUNK_BYTES = 32_768;
const STOPPED: ReadonlySet<string> = new Set(['place.timeout', 'place.aborted', 'place.lost']);
const NO_SUCH_FILE = 2;
const DENIED = 3;

/** One connection, opened when it is needed and again after it broke. */
export function openSftp(options: SftpOptions): FilePlace {
  let line: Promise<Line> | null = null;
  const lineUp = (): Promise<Line> => {
    line ??= connect(options, () => {
      line = null;
    }).catch((error: unknown) => {
      line = null;
      throw error;
    });
    return line;
  };
  const at = (path: string): string => posix.join(options.root, path);

  /** Runs one step; a step that hangs, or is stopped, ends the connection: nobody knows what the server still does. */
  const step = async <T>(signal: AbortSignal, run: (sftp: SFTPWrapper) => Promise<T>, lost: PlaceWord = 'away'): Promise<T> => {
    goOn(signal);
    const { sftp, broken, drop } = await inTime(lineUp(), signal, options.timeoutMs ?? DEFAULT_TIMEOUT_MS, 'away');
    try {
      return await inTime(Promise.race([run(sftp), broken]), signal, options.timeoutMs ?? DEFAULT_TIMEOUT_MS, lost);
    } catch (error) {
      // What the server answered is about the file; whatever else happened, the connection is not to be trusted.
      if (codeOf(error) === DENIED) throw placeTrouble('denied');
      if (typeof codeOf(error) === 'number') throw placeTrouble('away');
      if (isTrouble(error) && !STOPPED.has(error.detail.code)) throw error;
      drop();
      throw isTrouble(error) ? error : placeTrouble(lost);
    }
  };

  return {
    list: (folder, signal) =>
      step(signal, async (sftp) => {
        const entries = await call<readonly { readonly filename: string; readonly attrs: Stats }[]>((done) =>
          sftp.readdir(at(folder), done),
        );
        return entries.filter(({ attrs }) => isPlain(attrs)).map(({ filename, attrs }) => placed(filename, attrs));
      }),
    look: (path, signal) => step(signal, (sftp) => lookAt(sftp, at(path))),
    read: (path, mostBytes, signal) => step(signal, (sftp) => readWhole(sftp, at(path), mostBytes)),
    write: (path, bytes, signal) => step(signal, (sftp) => writeWhole(sftp, at(path), bytes)),
    move: (from, to, signal) => step(signal, (sftp) => move(sftp, at(from), at(to)), 'lost'),
    makeFolder: (folder, signal) => step(signal, (sftp) => makeFolder(sftp, at(folder))),
    close: async () => {
      const open = await line?.catch(() => null);
      line = null;
      open?.drop();
    },
  };
}

interface Line {
  readonly sftp: SFTPWrapper;
  /** Rejects when the connection ends. */
  readonly broken: Promise<never>;
  drop(): void;
}

async function connect(options: SftpOptions, ended: () => void): Promise<Line> {
  const fail: { key: boolean; end: (error: Error) => void } = { key: false, end: () => undefined };
  const broken = new Promise<never>((_, reject) => {
    fail.end = reject;
  });
  broken.catch(() => undefined);
  const over = () => {
    ended();
    fail.end(new Error('the connection ended'));
  };
  const client = new SftpClient('motlan', { error: over, end: over, close: over });
  const { host, port = 22, username, password, privateKey, passphrase } = options;
  // Each step waits for its answer: what is small must not wait to be sent.
  const socket = netConnect({ host, port, noDelay: true });
  try {
    const sftp = await client.connect({
      sock: socket,
      username,
      ...(password === undefined ? {} : { password: password.reveal() }),
      ...(privateKey === undefined ? {} : { privateKey: privateKey.reveal() }),
      ...(passphrase === undefined ? {} : { passphrase: passphrase.reveal() }),
      readyTimeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      keepaliveInterval: 15_000,
      hostVerifier: (key: Buffer) => {
        fail.key = !isPinned(key, options.hostKey);
        return !fail.key;
      },
    });
    sftp.on('error', over);
    sftp.on('close', over);
    return { sftp, broken, drop: () => void client.end().catch(() => undefined) };
  } catch (error) {
    void client.end().catch(() => undefined);
    socket.destroy();
    throw placeTrouble(fail.key ? 'key' : wordOf(error));
  }
}

function isPinned(key: Buffer, pinned: string): boolean {
  const wanted = Buffer.from(pinned.replace(/^SHA256:/u, ''), 'base64');
  const seen = createHash('sha256').update(key).digest();
  return wanted.byteLength === seen.byteLength && timingSafeEqual(wanted, seen);
}

function wordOf(error: unknown): PlaceWord {
  const message = error instanceof Error ? error.message : '';
  if (/authentication/iu.test(message) || /privateKey|passphrase/u.test(message)) return 'login';
  return /timed? ?out/iu.test(message) ? 'timeout' : 'away';
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

function inTime<T>(running: Promise<T>, signal: AbortSignal, timeoutMs: number, stopped: PlaceWord): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (word: PlaceWord) => () => {
      clean();
      reject(placeTrouble(stopped === 'lost' ? 'lost' : word));
    };
    const [late, leave] = [end('timeout'), end('aborted')];
    const deadline = AbortSignal.timeout(timeoutMs);
    deadline.addEventListener('abort', late, { once: true });
    signal.addEventListener('abort', leave, { once: true });
    const clean = () => {
      deadline.removeEventListener('abort', late);
      signal.removeEventListener('abort', leave);
    };
    running.then(
      (value) => {
        clean();
        resolve(value);
      },
      (error: unknown) => {
        clean();
        reject(error);
      },
    );
  });
}

/** A call of the protocol as a promise. */
const call = <T>(run: (done: (error: Error | null | undefined, value: T) => void) => unknown): Promise<T> =>
  new Promise((resolve, reject) => {
    run((error, value) => (error === null || error === undefined ? resolve(value) : reject(error)));
  });
const act = (run: (done: (error?: Error | null) => void) => unknown): Promise<void> =>
  call<void>((done) => run((error) => done(error, undefined)));
/** null where the server says that there is no such file. */
const orNone = <T>(running: Promise<T>): Promise<T | null> =>
  running.catch((error: unknown) => (codeOf(error) === NO_SUCH_FILE ? null : Promise.reject(error)));

const isPlain = ({ mode }: Stats): boolean => (mode & 0o170000) === 0o100000;
const placed = (name: string, { size, mtime }: Stats): PlacedFile => ({
  name,
  sizeBytes: size,
  modifiedAt: mtime * 1_000,
});

async function lookAt(sftp: SFTPWrapper, path: string): Promise<PlacedFile | null> {
  const seen = await orNone(call<Stats>((done) => sftp.lstat(path, done)));
  return seen !== null && isPlain(seen) ? placed(posix.basename(path), seen) : null;
}

async function readWhole(sftp: SFTPWrapper, path: string, mostBytes: number): Promise<Uint8Array | null> {
  const seen = await lookAt(sftp, path);
  if (seen === null) return null;
  if (seen.sizeBytes > mostBytes) throw placeTrouble('size');
  const handle = await orNone(call<Buffer>((done) => sftp.open(path, 'r', done)));
  if (handle === null) return null;
  try {
    const chunks: Uint8Array[] = [];
    for (let at = 0; ; ) {
      const chunk = await readPiece(sftp, handle, at);
      if (chunk.byteLength === 0) return Buffer.concat(chunks);
      at += chunk.byteLength;
      if (at > mostBytes) throw placeTrouble('size');
      chunks.push(chunk);
    }
  } finally {
    await act((done) => sftp.close(handle, done)).catch(() => undefined);
  }
}

const readPiece = (sftp: SFTPWrapper, handle: Buffer, at: number): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const into = Buffer.alloc(CHUNK_BYTES);
    sftp.read(handle, into, 0, CHUNK_BYTES, at, (error, bytesRead) => {
      // 1 = end of the file.
      if (error !== undefined && error !== null) return codeOf(error) === 1 ? resolve(new Uint8Array()) : reject(error);
      resolve(into.subarray(0, bytesRead));
    });
  });

async function writeWhole(sftp: SFTPWrapper, path: string, bytes: Uint8Array): Promise<void> {
  const handle = await call<Buffer>((done) => sftp.open(path, 'w', done));
  const data = Buffer.from(bytes);
  for (let at = 0; at < data.byteLength; at += CHUNK_BYTES) {
    const length = Math.min(CHUNK_BYTES, data.byteLength - at);
    await act((done) => sftp.write(handle, data, at, length, at, done));
  }
  // On the server's disk before it gets its name, where the server can promise that.
  await act((done) => sftp.ext_openssh_fsync(handle, done)).catch((error: unknown) => {
    if (!isUnsupported(error)) throw error;
  });
  await act((done) => sftp.close(handle, done));
}

const UNSUPPORTED = 8;
const isUnsupported = (error: unknown): boolean =>
  codeOf(error) === UNSUPPORTED || (error instanceof Error && /does not support this extended request/u.test(error.message));

/** A plain rename never replaces: where the target is there already, that is told. */
async function move(sftp: SFTPWrapper, from: string, to: string): Promise<boolean> {
  if ((await lookAt(sftp, from)) === null) return false;
  try {
    await act((done) => sftp.rename(from, to, done));
  } catch (error) {
    if (typeof codeOf(error) === 'number' && (await lookAt(sftp, to)) !== null) throw placeTrouble('exists');
    throw error;
  }
  return true;
}

async function makeFolder(sftp: SFTPWrapper, folder: string): Promise<void> {
  const isThere = (await orNone(call<Stats>((done) => sftp.stat(folder, done)))) !== null;
  if (isThere) return;
  const above = posix.dirname(folder);
  if (above !== folder) await makeFolder(sftp, above);
  await act((done) => sftp.mkdir(folder, done)).catch(async (error: unknown) => {
    // Another node may have made it meanwhile.
    if ((await orNone(call<Stats>((done) => sftp.stat(folder, done)))) === null) throw error;
  });
}
