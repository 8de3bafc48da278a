import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Document, isMap, isNode, isScalar, isSeq, visit } from 'yaml';
import type { Sentence } from '../zod-sentence.ts';

/** Where a reference could not be resolved. `offset` into the file's text. */
export interface BrokenReference extends Sentence {
  readonly offset: number;
}

const NAME = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * Replaces `${NAME}` by the environment's value and a whole scalar `file:PATH` by that file's text (trimmed; PATH is
 * relative to the configuration file). Changes the document in place; the values themselves never enter a sentence.
 */
export async function resolveReferences(
  document: Document,
  from: { readonly folder: string; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<readonly BrokenReference[]> {
  const broken: BrokenReference[] = [];
  const files: { readonly node: { value: unknown }; readonly path: string; readonly offset: number }[] = [];
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string') return;
      const offset = node.range?.[0] ?? 0;
      if (node.value.startsWith('file:')) {
        files.push({ node, path: node.value.slice('file:'.length), offset });
        return;
      }
      node.value = node.value.replace(NAME, (whole, name: string) => {
        const given = from.env[name];
        if (given !== undefined && given !== '') return given;
        broken.push({ offset, vi: `biến môi trường ${name} chưa có giá trị`, en: `environment variable ${name} has no value` });
        return whole;
      });
    },
  });
  for (const { node, path, offset } of files) {
    try {
      node.value = (await readFile(resolve(from.folder, path), 'utf8')).trim();
    } catch {
      broken.push({ offset, vi: `không đọc được tệp ${path}`, en: `file ${path} cannot be read` });
    }
  }
  return broken;
}

/** Offset of the node at `path`, of the key `key` inside it where given, else of the nearest node above that exists. */
export function offsetOf(document: Document, path: readonly PropertyKey[], key?: string): number {
  let node: unknown = document.contents;
  let offset = rangeStart(node);
  for (const step of path) {
    node = childOf(node, step);
    if (node === undefined) return offset;
    offset = rangeStart(node);
  }
  const pair = key === undefined ? undefined : pairOf(node, key);
  return pair === undefined ? offset : rangeStart(pair.key);
}

const rangeStart = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);

/** Keys compare as text: the key `1` of a map is the number one to YAML. */
const pairOf = (node: unknown, key: PropertyKey) =>
  isMap(node) ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key)) : undefined;

const childOf = (node: unknown, step: PropertyKey): unknown => (isSeq(node) ? node.items[Number(step)] : pairOf(node, step)?.value);
