import type { Compiled } from './compile.ts';
import type { Line } from './lines.ts';
import { schemaPath } from './paths.ts';

/** Record paths that this mapping writes values at, lists as `list[].field`; our own key and files are none a person types. */
export function writtenPaths({ built }: Pick<Compiled, 'built'>): readonly string[] {
  const of = (line: Line, list: string): readonly string[] => {
    const isTyped = line.owner !== 'take' && line.ready.isKey !== true && line.ready.isFile !== true;
    return isTyped ? line.record.map((slot) => (slot.rooted ? '' : list) + schemaPath(slot.path)) : [];
  };
  const paths = [
    ...built.plain.flatMap((line) => of(line, '')),
    ...built.blocks.flatMap((block) => [block.key, ...block.lines].flatMap((line) => of(line, `${schemaPath(block.left)}[].`))),
  ];
  return [...new Set(paths)];
}
