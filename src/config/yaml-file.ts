import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ConfigRefused } from '../config.ts';
import { type Sentence, zodSentence } from '../zod-sentence.ts';
import { offsetOf } from './references.ts';

/** A checked data file that still knows where each of its values stands. */
export interface YamlFile<T> {
  readonly value: T;
  /** Throws ConfigRefused with all of these problems, each at the line of its path. */
  refuse(problems: readonly (Sentence & { readonly code: string; readonly path: readonly PropertyKey[] })[]): never;
}

/** Every scalar is text. Throws ConfigRefused with every problem and its line; null where there is no such file. */
export async function readYamlFile<T>(file: string, schema: z.ZodType<T>): Promise<YamlFile<T> | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : yamlOf(text, file, schema);
}

/** The same from its text. */
export function yamlOf<T>(text: string, file: string, schema: z.ZodType<T>): YamlFile<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false });
  const told = (offset: number, code: string, { vi, en }: Sentence) => {
    const { line, col } = lines.linePos(offset);
    return { severity: 'error' as const, code, file, line, column: col, vi, en };
  };
  const refuse: YamlFile<T>['refuse'] = (problems) => {
    const all = problems.map(({ path, code, ...sentence }) => told(offsetOf(document, path), code, sentence));
    throw new ConfigRefused(all.sort((a, b) => a.line - b.line || a.column - b.column));
  };
  if (document.errors.length > 0) {
    throw new ConfigRefused(
      document.errors.map(({ pos, code }) =>
        told(pos[0], `yaml.${code.toLowerCase()}`, { vi: `sai cú pháp YAML (${code})`, en: `not valid YAML (${code})` }),
      ),
    );
  }
  const read = schema.safeParse(document.toJS() ?? {});
  if (read.success) return { value: read.data, refuse };
  throw new ConfigRefused(
    read.error.issues.flatMap((issue) => {
      const say = (one: z.core.$ZodIssue, offset: number) => told(offset, one.code.replaceAll('_', '-'), at(issue.path, zodSentence(one)));
      if (issue.code !== 'unrecognized_keys') return [say(issue, offsetOf(document, issue.path))];
      return issue.keys.map((key) => say({ ...issue, keys: [key] }, offsetOf(document, issue.path, key)));
    }),
  );
}

function at(path: readonly PropertyKey[], { vi, en }: Sentence): Sentence {
  const dotted = path.map(String).join('.');
  return dotted === '' ? { vi, en } : { vi: `${dotted}: ${vi}`, en: `${dotted}: ${en}` };
}
