import { ABSENT, type Covers, type LineValue, UNSEEN } from '../model/line-value.ts';
import type { Built } from './build.ts';
import type { Mapping } from './contract.ts';
import { oursOf, theirsOf } from './lines.ts';
import { type ListLine, listOurs, listTheirs } from './list-lines.ts';
import { isWithin, json, reader } from './paths.ts';

/** The two views of a mapping: every line from the hub, and as the record states it. */
export function views(built: Built, find: (id: string) => ListLine | null): Pick<Mapping, 'ours' | 'theirs' | 'unlisted'> {
  const blocks = built.blocks.map((block) => ({ block, ours: reader(block.right), theirs: reader(block.left) }));
  const visible = visibility(built);
  return {
    ours: (hub) => {
      const view = new Map<string, LineValue>();
      const scope = { root: hub.document, here: hub.document };
      for (const line of built.plain) view.set(line.id, oursOf(line, scope, hub));
      for (const each of blocks) listOurs(each.block, hub, json(each.ours(hub.document)), view);
      return view;
    },
    theirs: (stated, covers) => {
      const view = new Map<string, LineValue>();
      const scope = { root: stated, here: stated };
      const seen = visible(covers);
      for (const [i, line] of built.plain.entries()) view.set(line.id, seen.plain[i] === true ? theirsOf(line, scope) : UNSEEN);
      for (const [i, each] of blocks.entries())
        if (seen.blocks[i] === true) listTheirs(each.block, stated, json(each.theirs(stated)), view);
      return view;
    },
    unlisted: (id, covers) => {
      const found = find(id);
      return found === null || visible(covers).blocks[built.blocks.indexOf(found.block)] === true ? ABSENT : UNSEEN;
    },
  };
}

interface Visible {
  readonly plain: readonly boolean[];
  readonly blocks: readonly boolean[];
}

/** Which lines a sighting speaks of; the last answer is kept, since a system covers the same again and again. */
function visibility(built: Built): (covers: Covers) => Visible {
  const whole: Visible = { plain: built.plain.map(() => true), blocks: built.blocks.map(() => true) };
  let last: { readonly key: string; readonly visible: Visible } | null = null;
  return (covers) => {
    if (covers === 'all') return whole;
    const key = covers.join('\n');
    if (last?.key === key) return last.visible;
    const covered = (path: string): boolean => covers.some((prefix) => isWithin(path, prefix));
    const visible = {
      plain: built.plain.map((line) => line.seen.every((each) => covered(each.path.text))),
      blocks: built.blocks.map((block) => covered(block.left.text)),
    };
    last = { key, visible };
    return visible;
  };
}
