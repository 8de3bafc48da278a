import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import ssh2, { type Connection, type ParsedKey, type SFTPWrapper } from 'ssh2';

const { Server, utils } = ssh2;
const { STATUS_CODE: STATUS, flagsToString } = utils.sftp;

/** A real SSH server on loopback that serves one folder; `break` lets it misbehave. */
export interface SftpServer {
  readonly port: number;
  readonly hostKey: string;
  readonly clientKey: string;
  /** Steps seen since the start. */
  readonly steps: string[];
  /** Called before each step; `'cut'` ends the connection before it, `'cut-after'` after it was done, `'silent'` never answers. */
  onStep: (step: string, path: string) => 'go' | 'cut' | 'cut-after' | 'silent';
  connections(): number;
  close(): Promise<void>;
}

export const ACCOUNT = { username: 'motlan', password: 'mat-khau-mau' } as const;

/** A key pair; the package now and then makes one that it cannot read itself. */
function keys(): { readonly private: string; readonly parsed: ParsedKey } {
  for (;;) {
    const pair = utils.generateKeyPairSync('ed25519');
    const [parsed, own] = [utils.parseKey(pair.public), utils.parseKey(pair.private)];
    if (!(parsed instanceof Error) && !(own instanceof Error)) return { private: pair.private, parsed };
  }
}

export async function serveSftp(root: string): Promise<SftpServer> {
  const host = keys();
  const client = keys();
  const open = new Set<Connection>();
  let connected = 0;
  const server = new Server({ hostKeys: [host.private] }, (connection) => {
    open.add(connection);
    // Not in the types of the package; answers must not wait to be sent.
    if ('setNoDelay' in connection && typeof connection.setNoDelay === 'function') connection.setNoDelay(true);
    connected += 1;
    connection.on('error', () => undefined).on('close', () => open.delete(connection));
    connection.on('authentication', (context) => {
      const byPassword = context.method === 'password' && context.username === ACCOUNT.username && context.password === ACCOUNT.password;
      const byKey =
        context.method === 'publickey' &&
        context.key.data.equals(client.parsed.getPublicSSH()) &&
        (context.signature === undefined ||
          client.parsed.verify(context.blob ?? Buffer.alloc(0), context.signature, context.hashAlgo) === true);
      if (byPassword || byKey) context.accept();
      else context.reject(['password', 'publickey']);
    });
    connection.on('session', (accept) => accept().on('sftp', (start) => serve(start(), connection)));
  });
  const made: SftpServer = {
    port: 0,
    hostKey: `SHA256:${createHash('sha256').update(host.parsed.getPublicSSH()).digest('base64').replace(/=+$/u, '')}`,
    clientKey: client.private,
    steps: [],
    onStep: () => 'go',
    connections: () => connected,
    close: () =>
      new Promise((resolve) => {
        for (const connection of open) connection.end();
        server.close(() => resolve());
      }),
  };

  function serve(sftp: SFTPWrapper, connection: Connection): void {
    const files = new Map<number, number | string[]>();
    const handleOf = (file: number | string[]): Buffer => {
      const id = files.size + 1;
      files.set(id, file);
      const handle = Buffer.alloc(4);
      handle.writeUInt32BE(id);
      return handle;
    };
    const fileOf = (handle: Buffer) => files.get(handle.readUInt32BE()) ?? -1;
    const at = (path: string) => join(root, path);
    const attrs = ({ mode, size, mtimeMs, uid, gid }: { mode: number; size: number; mtimeMs: number; uid: number; gid: number }) => ({
      mode,
      uid,
      gid,
      size,
      atime: Math.floor(mtimeMs / 1_000),
      mtime: Math.floor(mtimeMs / 1_000),
    });
    const step = (id: number, name: string, path: string, run: () => void) => {
      made.steps.push(name);
      const how = made.onStep(name, path);
      if (how === 'silent') return;
      if (how === 'cut') return void connection.end();
      if (how === 'cut-after') {
        const answers = ['status', 'handle', 'data', 'name', 'attrs'] as const;
        for (const answer of answers) Object.assign(sftp, { [answer]: () => true });
      }
      try {
        run();
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : '';
        sftp.status(id, code === 'ENOENT' ? STATUS.NO_SUCH_FILE : code === 'EACCES' ? STATUS.PERMISSION_DENIED : STATUS.FAILURE);
      }
      if (how === 'cut-after') connection.end();
    };
    const ok = (id: number) => sftp.status(id, STATUS.OK);
    sftp.on('OPEN', (id, path, flags) =>
      step(id, 'open', path, () => sftp.handle(id, handleOf(openSync(at(path), flagsToString(flags) ?? 'r')))),
    );
    sftp.on('READ', (id, handle, offset, length) =>
      step(id, 'read', '', () => {
        const into = Buffer.alloc(length);
        const count = readSync(Number(fileOf(handle)), into, 0, length, offset);
        if (count === 0) sftp.status(id, STATUS.EOF);
        else sftp.data(id, into.subarray(0, count));
      }),
    );
    sftp.on('WRITE', (id, handle, offset, data) =>
      step(id, 'write', '', () => {
        writeSync(Number(fileOf(handle)), data, 0, data.byteLength, offset);
        ok(id);
      }),
    );
    sftp.on('FSTAT', (id, handle) => step(id, 'fstat', '', () => sftp.attrs(id, attrs(fstatSync(Number(fileOf(handle)))))));
    sftp.on('CLOSE', (id, handle) =>
      step(id, 'close', '', () => {
        const file = fileOf(handle);
        if (typeof file === 'number') closeSync(file);
        ok(id);
      }),
    );
    sftp.on('OPENDIR', (id, path) =>
      step(id, 'opendir', path, () => sftp.handle(id, handleOf(readdirSync(at(path)).map((name) => join(at(path), name))))),
    );
    sftp.on('READDIR', (id, handle) =>
      step(id, 'readdir', '', () => {
        const names = fileOf(handle);
        const some = typeof names === 'number' ? [] : names.splice(0, 2);
        if (some.length === 0) return void sftp.status(id, STATUS.EOF);
        sftp.name(
          id,
          some.map((path) => ({ filename: path.slice(path.lastIndexOf('/') + 1), longname: path, attrs: attrs(lstatSync(path)) })),
        );
      }),
    );
    sftp.on('LSTAT', (id, path) => step(id, 'lstat', path, () => sftp.attrs(id, attrs(lstatSync(at(path))))));
    sftp.on('STAT', (id, path) => step(id, 'stat', path, () => sftp.attrs(id, attrs(statSync(at(path))))));
    sftp.on('MKDIR', (id, path) =>
      step(id, 'mkdir', path, () => {
        mkdirSync(at(path));
        ok(id);
      }),
    );
    // As OpenSSH does it: a plain rename replaces nothing.
    sftp.on('RENAME', (id, from, to) =>
      step(id, 'rename', to, () => {
        if (existsSync(at(to))) return void sftp.status(id, STATUS.FAILURE);
        renameSync(at(from), at(to));
        ok(id);
      }),
    );
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(made, { port: (server.address() as AddressInfo).port });
}
