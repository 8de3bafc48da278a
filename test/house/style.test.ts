import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { filesBelow, textOf } from './files.ts';

const MOST_LINES_OF_A_FILE = 250;
const MOST_LINES_OF_A_FUNCTION = 60;

const written = filesBelow().filter((path) => /\.(ts|mjs|cjs|md|yaml|json)$/.test(path) && path !== 'package-lock.json');
const code = written.filter((path) => /^(src|adapters)\/.*\.ts$/.test(path));

/** Words that put work off; spelled in parts so that this file does not hold them. */
const HASTE = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'HA' + 'CK'].join('|')})\\b`);

/** Ways around the type checker and the linter. */
const AROUND = /@ts-(ignore|nocheck|expect-error)|biome-ignore|eslint-disable/;

function linesWith(pattern: RegExp, paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) =>
    textOf(path)
      .split('\n')
      .flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1}`] : [])),
  );
}

interface Long {
  readonly place: string;
  readonly lines: number;
}

/** Functions with more lines than they should have, by the compiler's own tree. */
function longFunctions(path: string): readonly Long[] {
  const source = ts.createSourceFile(path, textOf(path), ts.ScriptTarget.Latest, true);
  const found: Long[] = [];
  const walk = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) {
      const from = source.getLineAndCharacterOfPosition(node.getStart()).line;
      const to = source.getLineAndCharacterOfPosition(node.getEnd()).line;
      if (to - from + 1 > MOST_LINES_OF_A_FUNCTION) found.push({ place: `${path}:${from + 1}`, lines: to - from + 1 });
    }
    ts.forEachChild(node, walk);
  };
  walk(source);
  return found;
}

/** Calls of the surroundings that come in as ports: real time, real chance. */
const SURROUNDINGS = /\bDate\.now\(\)|\bnew Date\(\)|\bMath\.random\(|(?<![.\w])setTimeout\(|(?<![.\w])setInterval\(/;

describe('the way the house is written', () => {
  test('puts nothing off', () => {
    expect(linesWith(HASTE, written)).toEqual([]);
  });

  test('goes around neither compiler nor linter', () => {
    expect(
      linesWith(AROUND, [...code, ...written.filter((path) => /^test\/.*\.ts$/.test(path) && path !== 'test/house/style.test.ts')]),
    ).toEqual([]);
  });

  test('takes time and chance in as ports, at one place', () => {
    const places = linesWith(
      SURROUNDINGS,
      code.filter((path) => path !== 'src/ports.ts'),
    );
    expect(places).toEqual([]);
  });

  test('makes classes for errors only', () => {
    const classes = linesWith(/^\s*(export )?(abstract )?class\b(?!.*\bextends \w*(Error|Fault|Refus\w*)\b)/, code);
    expect(classes).toEqual([]);
  });

  test('reports what grew long (a report, not a rule)', () => {
    const files = code
      .map((path) => ({ place: path, lines: textOf(path).split('\n').length - 1 }))
      .filter(({ lines }) => lines > MOST_LINES_OF_A_FILE);
    const functions = code.flatMap(longFunctions);
    const told = [...files, ...functions].sort((a, b) => b.lines - a.lines).map(({ place, lines }) => `${lines} lines: ${place}`);
    console.log(told.length === 0 ? 'Nothing is long.' : told.join('\n'));
    expect(code.length).toBeGreaterThan(100);
  });
});
