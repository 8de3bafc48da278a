import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUSE } from '../../src/config.ts';

/** motlan in a process of its own, its output a pipe whose reader has gone before the first word. */

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'motlan-pipe-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The shell waits until the reader is gone, so that every write of motlan meets a closed pipe. */
const SCRIPT = '{ sleep 0.2; "$0" --import tsx src/main.ts "$@"; echo "code $?" >&2; } | true';

async function unheard(...args: readonly string[]): Promise<string> {
  const { stderr } = await promisify(execFile)('sh', ['-c', SCRIPT, process.execPath, ...args], { cwd: HOUSE });
  return stderr;
}

describe('output that nobody reads to its end', () => {
  it.each([
    ['the help', ['--help']],
    ['an answer as JSON', ['--json', 'adapter', 'list']],
  ] as const)('%s ends quietly, in order', async (_, args) => {
    expect(await unheard(...args)).toBe('code 0\n');
  });

  it('keeps the exit code of what was found wrong', async () => {
    const file = join(folder, 'wrong.yaml');
    await writeFile(file, 'extra: 1\n');
    expect(await unheard('--config', file, 'doctor')).toBe('code 1\n');
  });
});
