import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonText } from '../../src/intake/json-text.ts';

describe('JSON as text', () => {
  it('reads what JSON.parse reads, and the same', () => {
    fc.assert(
      fc.property(fc.json(), fc.integer({ min: 0, max: 3 }), (text, indent) => {
        fc.pre(!text.includes('__proto__'));
        const value: unknown = JSON.parse(text);
        expect(readJsonText(JSON.stringify(value, null, indent))).toEqual({ is: 'json', value });
      }),
    );
  });

  it('calls malformed exactly what JSON.parse calls so, at a place where all before it could still become JSON', () => {
    const sign = fc.constantFrom('{', '}', '[', ']', ',', ':', '"', 'a', '1', '-', '.', 'e', 'true', 'null', '\\', '\\u00e9', ' ', '\n');
    const text = fc.array(sign, { maxLength: 12 }).map((signs) => signs.join(''));
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), (given) => {
        const read = readJsonText(given);
        let isJson = true;
        try {
          JSON.parse(given);
        } catch {
          isJson = false;
        }
        expect(read.is === 'malformed').toBe(!isJson);
        if (read.is === 'malformed') expect(read.at).toBeLessThanOrEqual(given.length);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['', 0],
    ['  ', 2],
    ['{"a": ', 6],
    ['{"a": tru}', 6],
    ['{"a": nul', 6],
    ['{"a":1,}', 7],
    ['[1,]', 3],
    ['{,}', 1],
    ['{1:2}', 1],
    ['{"a" 1}', 5],
    ['{"a":"b', 7],
    ['{"a":"x\ny"}', 7],
    ['"\\u00g0"', 1],
    ['[1 2]', 3],
    ['[01]', 1],
    ['[1.]', 1],
    ['{"a":1}]', 7],
    ['{"a":[1}', 7],
  ])('%j breaks at character %i', (text, at) => {
    expect(readJsonText(text)).toEqual({ is: 'malformed', at });
  });

  it.each([
    ['{"a":1,"b":2,"a":3}', 'repeated-name', 'a'],
    ['{"a":{"b":[{},{"c":1,"\\u0063":2}]}}', 'repeated-name', 'a.b.1.c'],
    ['{"":1,"":2}', 'repeated-name', ''],
    ['[[{"x":[1,2],"x":1}]]', 'repeated-name', '0.0.x'],
    ['{"a":{"__proto__":1}}', 'forbidden-name', 'a.__proto__'],
    ['[{"\\u005f_proto__":1}]', 'forbidden-name', '0.__proto__'],
  ])('%s is refused: %s', (text, is, path) => {
    expect(readJsonText(text)).toEqual({ is, path });
  });

  it.each([
    '{"a":{"b":1},"c":{"b":1}}',
    '[{"a":1},{"a":1}]',
    '{"a":"b","b":"a","c":"a\\",\\"a\\":{[,"}',
    '{"a":["__proto__","x","x"],"b":"__proto__"}',
    '{"toString":1,"constructor":2}',
  ])('%s repeats no name', (text) => {
    expect(readJsonText(text)).toEqual({ is: 'json', value: JSON.parse(text) });
  });

  it('nesting without end breaks nothing, and the path of a place down there is cut', () => {
    const deep = `${'{"a":'.repeat(50_000)}{"__proto__":1}${'}'.repeat(50_000)}`;
    expect(readJsonText(deep)).toEqual({ is: 'forbidden-name', path: Array(33).fill('a').join('.') });
    expect(readJsonText('['.repeat(100_000))).toEqual({ is: 'malformed', at: 100_000 });
  });
});
