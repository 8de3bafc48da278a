import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { SetupFault, wholeFault } from './setup-fault.ts';

/** `motlan adapter new NAME`: a copy of the reference adapter under a new name, which passes the contract suite as it stands. */

const NAME = /^[a-z][a-z0-9-]{0,40}$/u;
const SIMILAR = /\.(ts|md|yaml|json)$/u;

/**
 * Writes `<folder>/<name>` from the reference adapter and gives the files written, relative to it. Throws SetupFault when the
 * name is not lower-case letters, digits and hyphens, or is taken. `kit` is the absolute path of the kit's index.
 */
export function newAdapter(folder: string, name: string, reference: string, kit: string): readonly string[] {
  const target = resolve(folder, name);
  if (!NAME.test(name))
    throw fault(name, 'adapters.name', 'tên chỉ gồm chữ thường, số và gạch nối', 'a name is lower-case letters, digits and hyphens');
  if (existsSync(target)) throw fault(target, 'adapters.taken', 'thư mục đã có', 'the folder exists already');
  mkdirSync(folder, { recursive: true });
  cpSync(reference, target, { recursive: true, errorOnExist: true });
  const files = filesIn(target);
  for (const file of files.filter((one) => SIMILAR.test(one))) {
    const at = join(target, file);
    writeFileSync(at, renamed(readFileSync(at, 'utf8'), name, pathTo(kit, at)));
  }
  return files;
}

/** The reference's own words become the new adapter's; the way to the kit is written from where the file stands. */
function renamed(text: string, name: string, kit: string): string {
  return text
    .replace(/'(?:\.\.\/)+src\/kit\/index\.ts'/gu, `'${kit}'`)
    .replace("name: 'memory'", `name: '${name}'`)
    .replace("system: 'memory'", `system: '${name}'`)
    .replace("vi: 'Hệ thống mẫu trong bộ nhớ', en: 'In-memory reference system'", `vi: '${name}', en: '${name}'`)
    .replaceAll('/callbacks/memory', `/callbacks/${name}`)
    .replaceAll('memory-token', `${name}-token`)
    .replaceAll('memory-callback-key', `${name}-callback-key`)
    .replace(/^# memory:.*$/mu, `# ${name}`)
    .replace(
      '/** The reference adapter: every verb in its plainest form. */',
      '/** A copy of the reference adapter: change what differs, leave out the verbs that are not there. */',
    );
}

const pathTo = (kit: string, file: string): string => relative(join(file, '..'), kit).split(sep).join('/');

const filesIn = (folder: string, under = ''): readonly string[] =>
  readdirSync(join(folder, under)).flatMap((name) => {
    const file = join(under, name);
    return statSync(join(folder, file)).isDirectory() ? filesIn(folder, file) : [file];
  });

const fault = (file: string, code: string, vi: string, en: string): SetupFault => new SetupFault([wholeFault(file, code, vi, en)]);
