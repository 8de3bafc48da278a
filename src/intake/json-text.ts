import { pathTo } from './issue.ts';

/** JSON as text, read strictly: what `JSON.parse` lets pass in silence (a name twice, `__proto__`) is told with its place. */
export type JsonRead =
  | { readonly is: 'json'; readonly value: unknown }
  /** `at`: the character, from 0, where it stops being JSON. */
  | { readonly is: 'malformed'; readonly at: number }
  | { readonly is: 'repeated-name' | 'forbidden-name'; readonly path: string };

/** Never throws, whatever the text and however deep it is nested. */
export function readJsonText(text: string): JsonRead {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { is: 'malformed', at: endOfJson(text) };
  }
  return wrongName(text) ?? { is: 'json', value };
}

/** Paths of deeper places are cut; such a document is refused for its depth anyway. */
const MOST_STEPS = 33;

interface Open {
  /** null in a list. */
  readonly names: Set<string> | null;
  last: string | number;
}

/** The first name that may not stand where it stands. The text is JSON, so its signs alone tell names from values. */
function wrongName(text: string): JsonRead | null {
  const open: Open[] = [];
  let isName = false;
  for (let at = 0; at < text.length; at += 1) {
    const top = open.at(-1);
    switch (text[at]) {
      case '{':
      case '[':
        isName = text[at] === '{';
        open.push({ names: isName ? new Set() : null, last: 0 });
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case ',':
        isName = top?.names != null;
        if (typeof top?.last === 'number') top.last += 1;
        break;
      case ':':
        isName = false;
        break;
      case '"': {
        const end = endOfText(text, at);
        if (isName && top?.names != null) {
          const name = nameIn(text.slice(at, end + 1));
          const is = name === '__proto__' ? 'forbidden-name' : top.names.has(name) ? 'repeated-name' : null;
          top.names.add(name);
          top.last = name;
          if (is !== null) return { is, path: pathOf(open) };
        }
        at = end;
      }
    }
  }
  return null;
}

const nameIn = (quoted: string): string => (quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1));

const pathOf = (open: readonly Open[]): string =>
  open
    .slice(0, MOST_STEPS)
    .map(({ last }) => last)
    .reduce<string>(pathTo, '');

/** Place of the closing quote. */
function endOfText(text: string, begin: number): number {
  let at = begin + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

const SPACE = /[ \t\n\r]*/y;
const ATOM = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

const lengthOf = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
};

/** Where a text that is no JSON stops being one; its length where it only breaks off. */
function endOfJson(text: string): number {
  const closings: string[] = [];
  let next: 'value' | 'name' | 'colon' | 'comma' = 'value';
  let mayClose = false;
  for (let at = lengthOf(SPACE, text, 0); at < text.length; at += lengthOf(SPACE, text, at)) {
    const sign = text[at];
    const closing = closings.at(-1);
    if (closing !== undefined && sign === closing && (mayClose || next === 'comma')) {
      closings.pop();
      [next, mayClose] = ['comma', false];
      at += 1;
    } else if (next === 'colon') {
      if (sign !== ':') return at;
      next = 'value';
      at += 1;
    } else if (next === 'comma') {
      if (sign !== ',' || closing === undefined) return at;
      next = closing === '}' ? 'name' : 'value';
      at += 1;
    } else if (sign === '"') {
      const end = endOfSoundText(text, at);
      if (text[end] !== '"') return end;
      [next, mayClose] = [next === 'name' ? 'colon' : 'comma', false];
      at = end + 1;
    } else if (next === 'value' && (sign === '{' || sign === '[')) {
      closings.push(sign === '{' ? '}' : ']');
      [next, mayClose] = [sign === '{' ? 'name' : 'value', true];
      at += 1;
    } else {
      const length = next === 'value' ? lengthOf(ATOM, text, at) : 0;
      if (length === 0) return at;
      [next, mayClose] = ['comma', false];
      at += length;
    }
  }
  return text.length;
}

/** Place of the closing quote, or of what may not stand inside a text. */
function endOfSoundText(text: string, begin: number): number {
  let at = begin + 1;
  while (at < text.length && text[at] !== '"') {
    const length = text[at] === '\\' ? lengthOf(ESCAPE, text, at) : (text[at] ?? '') < ' ' ? 0 : 1;
    if (length === 0) return at;
    at += length;
  }
  return at;
}
