import ts from 'typescript';
import { expect, test } from 'vitest';
import { filesBelow, textOf } from './files.ts';

/** Every trap of ministry systems that the sources warn of has a test that names it. What each trap is, the tests' names say. */
const TRAPS = Array.from({ length: 25 }, (_, index) => `T${index + 1}`);

/** Full names of the tests of a file, with the groups they stand in. */
function testNames(path: string): readonly string[] {
  const names: string[] = [];
  const walk = (node: ts.Node, groups: string): void => {
    const title = ts.isCallExpression(node) ? titleOf(node) : null;
    if (title?.of === 'test') names.push(`${groups} ${title.text}`);
    const inner = title?.of === 'group' ? `${groups} ${title.text}` : groups;
    ts.forEachChild(node, (child) => walk(child, inner));
  };
  walk(ts.createSourceFile(path, textOf(path), ts.ScriptTarget.Latest, true), '');
  return names;
}

/** `test('…', …)`, `it.each(…)('…', …)`, `describe('…', …)`; what is skipped or left to do is no test. */
function titleOf({ expression, arguments: given }: ts.CallExpression): { of: 'test' | 'group'; text: string } | null {
  const callee = ts.isCallExpression(expression) ? expression.expression : expression;
  const [, word] = /^(test|it|describe)(\.each)?$/.exec(callee.getText()) ?? [];
  const [title] = given;
  if (word === undefined || title === undefined || given.length < 2) return null;
  return { of: word === 'describe' ? 'group' : 'test', text: title.getText() };
}

const named = new Set(
  filesBelow('test')
    .filter((path) => path.endsWith('.test.ts'))
    .flatMap(testNames)
    .flatMap((name) => name.match(/\bT\d+\b/g) ?? []),
);

test.each(TRAPS)('%s is named by a test', (trap) => {
  expect(named).toContain(trap);
});

test('no test names a trap that is in no list', () => {
  expect([...named].filter((trap) => !TRAPS.includes(trap))).toEqual([]);
});
