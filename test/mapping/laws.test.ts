import { describe, expect, test } from 'vitest';
import { readField } from '../../src/mapping/fields.ts';
import { dice, fromPattern, generate } from '../../src/mapping/generate.ts';
import { checkLaws } from '../../src/mapping/laws.ts';
import { notes } from '../../src/mapping/tell.ts';
import type { AgreedValue } from '../../src/model/line-value.ts';
import { bookOf, giving, object, shown, taking, text } from './small-book.ts';

const changesOf = (values: ReadonlyMap<string, AgreedValue>) =>
  [...values].flatMap(([line, each]) => (line === 'y' && each.is === 'value' ? [{ line, path: 'x', value: each.value }] : []));
const LAWS = { lawRounds: 40 };

describe('the laws catch a mapping that reads right and is wrong', () => {
  test('correctness: a code that comes in and cannot go out again', () => {
    const book = bookOf({
      ...LAWS,
      form: object({ x: text() }),
      record: object({ ma: text(), y: text() }),
      mapping: `${giving('')}share:\n  y: x | code(t)\n`,
      crosswalks: { t: 'a,1,,>,,\nb,1,,<,,\nb,2,,>,,\nc,2,,<>,,\n' },
    });
    expect(book.diagnostics.map(shown)).toContainEqual(expect.stringMatching(/ministry\/file\.yaml:6:3 law-correctness/));
    expect(book.mappings).toEqual([]);
  });

  test('put twice: taking the same value in again may not change the hub again', () => {
    const book = bookOf({
      form: object({ x: text() }),
      record: object({ ma: text(), y: text() }),
      mapping: `${giving('')}share:\n  y: x\n`,
    });
    const [compiled] = book.compiled;
    if (compiled === undefined) throw new Error(book.diagnostics.map(shown).join());
    const restless = {
      ...compiled.mapping,
      inverse: (values: ReadonlyMap<string, AgreedValue>) => ({ changes: changesOf(values), problems: [] }),
    };
    const told = notes();
    checkLaws({ ...compiled, mapping: restless }, told, { seed: 1, rounds: 20 });
    expect(told.all.map((each) => `${each.line}:${each.column} ${each.code}`)).toContain('6:3 law-put-twice');
  });

  test('stability: a loss that is not declared does not come back equal', () => {
    const book = bookOf({
      ...LAWS,
      form: object({ x: text({ format: 'date-time' }) }),
      record: object({ ma: text(), y: text() }),
      mapping: giving('y: { from: "x | date(dd/MM/yyyy HH:mm:ss)", seen: "z | date(yyyy-MM-dd)" }'),
    });
    expect(book.diagnostics.map((each) => each.code)).toContain('unknown-path');
    const seen = bookOf({
      ...LAWS,
      form: object({ x: text({ enum: ['a', 'b'] }) }),
      record: object({ ma: text(), y: text(), z: text() }),
      mapping: giving('y: { from: x | code(t), seen: z | code(u) }'),
      crosswalks: { t: 'a,1,,,,\nb,2,,,,\n', u: 'a,2,,,,\nb,1,,<,,\nb,3,,>,,\n' },
    });
    expect(seen.diagnostics.map(shown)).toContainEqual(expect.stringMatching(/5:3 law-stability/));
  });

  test('a good mapping passes with hundreds of records', () => {
    const book = bookOf({
      lawRounds: 300,
      form: object({ x: text({ enum: ['a', 'b'] }), d: text({ format: 'partial-date' }), n: text({ maxLength: 40 }) }, ['x']),
      record: object({ ma: text(), y: text(), ngay: text({ maxLength: 10 }), ten: text({ maxLength: 40 }), so: text({ maxLength: 9 }) }),
      mapping: taking('results.ministry.number: so | text(9)').replace(
        'ma: code | key',
        'ma: code | key\n  y: x | code(t)\n  ngay: d | date(dd.MM.yyyy, MM.yyyy, yyyy)\n  ten: n | text(40) | fold',
      ),
      crosswalks: { t: 'a,1,,,,\nb,2,,,,\n' },
    });
    expect(book.diagnostics.map(shown)).toEqual([]);
  });
});

describe('generated records', () => {
  const schema = readField(
    object(
      {
        code: text({ pattern: '^\\d{5}$' }),
        phone: text({ pattern: '^(0|\\+84)\\d{9}$' }),
        list: { type: 'array', items: object({ a: { type: 'boolean' } }) },
        n: { type: 'integer', minimum: 3, maximum: 5 },
      },
      ['code'],
    ),
  );
  test('are the same for the same seed', () => {
    expect(generate(schema, dice(7))).toEqual(generate(schema, dice(7)));
    expect(generate(schema, dice(7))).not.toEqual(generate(schema, dice(8)));
  });
  test('keep to the schema', () => {
    const roll = dice(1);
    for (let i = 0; i < 200; i += 1) {
      const made = generate(schema, roll);
      expect(String(made.code)).toMatch(/^\d{5}$/);
      if (made.phone !== undefined) expect(String(made.phone)).toMatch(/^(0|\+84)\d{9}$/);
      if (made.n !== undefined) expect([3, 4, 5]).toContain(made.n);
    }
  });
  test('leave out what is beyond them instead of making up something wrong', () => {
    expect(fromPattern('^(?=x)y$', dice(1))).toBeUndefined();
    expect(fromPattern('^[A-Z]{2}$', dice(1))).toMatch(/^[A-Z]{2}$/);
  });
});
