import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout these tests look at. */
export const HOUSE = fileURLToPath(new URL('../..', import.meta.url));

const NOT_OURS = new Set(['node_modules', '.git', 'data', 'coverage', 'reports', '.stryker-tmp', '.tmp']);

/** All files of the house below `folder`, as paths from the top with `/`, sorted. */
export function filesBelow(folder = ''): readonly string[] {
  const found: string[] = [];
  for (const entry of readdirSync(join(HOUSE, folder), { withFileTypes: true })) {
    if (NOT_OURS.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...filesBelow(path));
    else found.push(relative('.', path).split(sep).join('/'));
  }
  return found.sort();
}

export const textOf = (path: string): string => readFileSync(join(HOUSE, path), 'utf8');
