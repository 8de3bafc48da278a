import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../model/ports.ts';
import type { SimulatorFaults } from './contract.ts';
import type { SimulatorDesk, SimulatorFolder, SimulatorRow } from './simulator-contract.ts';

/** The counterpart of a file exchange: takes what we put into our out-folder, puts files into our in-folder, under faults. */
export interface FolderDesk {
  readonly root: string;
  /** Takes what lies there whole; ends what a fault left half. */
  look(): void;
  tell(kind: string, row: SimulatorRow): void;
  /** Takes the folders away, or puts them back. */
  setDown(down: boolean): void;
  /** Files taken so far. */
  taken(): number;
  close(): void;
}

/** Our side's out-folder and in-folder, below `root`. */
export const EXCHANGE = { out: 'ra', in: 'vao' } as const;

export function openFolderDesk(
  folder: string | null,
  plan: SimulatorFolder,
  desk: SimulatorDesk,
  faults: () => SimulatorFaults,
  clock: Clock,
): FolderDesk {
  const root = folder === null ? mkdtempSync(join(tmpdir(), 'motlan-exchange-')) : join(folder, 'exchange');
  const away = `${root}-away`;
  const [out, into] = [join(root, EXCHANGE.out), join(root, EXCHANGE.in)];
  if (!existsSync(away)) for (const place of [out, into]) mkdirSync(place, { recursive: true });
  const roll = (share: number) => share > 0 && desk.random() < share;
  const half = new Map<string, Uint8Array>();
  /** What was due while the folders were away: put once they are back. */
  const due = new Map<string, Uint8Array>();
  const isHere = () => existsSync(root);
  let [taken, told] = [0, isHere() ? readdirSync(into).length : 0];

  const put = (name: string, bytes: Uint8Array) => {
    if (!isHere()) {
      due.set(name, bytes);
      return;
    }
    writeFileSync(join(into, `.${name}.part`), bytes);
    renameSync(join(into, `.${name}.part`), join(into, name));
  };
  const look = () => {
    if (!isHere()) return;
    for (const [name, bytes] of due) put(name, bytes);
    due.clear();
    if (faults().halfFile === 0) {
      for (const [name, bytes] of half) {
        put(name, bytes);
        rmSync(join(into, `${name}.part`), { force: true });
      }
      half.clear();
    }
    for (const name of readdirSync(out).sort()) {
      if (name.startsWith('.')) continue;
      plan.takes(desk, name, readFileSync(join(out, name)));
      // Only what was taken is cleared away; a fall in between takes it again.
      unlinkSync(join(out, name));
      taken += 1;
    }
  };
  return {
    root,
    look,
    taken: () => taken,
    tell: (kind, row) => {
      const file = plan.tells(desk, kind, row);
      if (file === null) return;
      told += 1;
      const name = `${String(row.sequence).padStart(8, '0')}-${told}-${file.name}`;
      const bytes = roll(faults().badRow) ? (plan.spoils?.(file.bytes) ?? file.bytes) : file.bytes;
      if (isHere() && roll(faults().halfFile)) {
        writeFileSync(join(into, `${name}.part`), bytes.subarray(0, bytes.byteLength / 2));
        half.set(name, bytes);
      } else if (roll(faults().lateFile)) void clock.sleep(faults().lateMs).then(() => put(name, bytes));
      else put(name, bytes);
      if (roll(faults().duplicate)) put(`${name.slice(0, 8)}-again-${told}-${file.name}`, bytes);
    },
    setDown: (down) => {
      if (down && isHere()) renameSync(root, away);
      if (!down && existsSync(away)) renameSync(away, root);
    },
    close: () => {
      if (folder === null) for (const place of [root, away]) rmSync(place, { recursive: true, force: true });
    },
  };
}
