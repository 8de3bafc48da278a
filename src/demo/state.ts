import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** How far the story was played, so that a second start goes on where the first stopped. */
export interface PlayedSteps {
  of(code: string): number;
  done(code: string, steps: number): Promise<void>;
}

const shape = z.record(z.string(), z.int().min(0));

export async function openPlayed(folder: string): Promise<PlayedSteps> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'played.json');
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const played = new Map(Object.entries(shape.parse(JSON.parse(text))));
  return {
    of: (code) => played.get(code) ?? 0,
    async done(code, steps) {
      played.set(code, steps);
      await writeFile(`${file}.new`, JSON.stringify(Object.fromEntries(played)));
      await rename(`${file}.new`, file);
    },
  };
}
