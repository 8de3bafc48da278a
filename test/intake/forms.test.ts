import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FormsRefused, loadForms } from '../../src/intake/forms.ts';
import { FORMS } from './given.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forms-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const put = (name: string, schema: unknown) => writeFile(join(folder, name), typeof schema === 'string' ? schema : JSON.stringify(schema));
const closed = (properties: object, more: object = {}) => ({ type: 'object', properties, additionalProperties: false, ...more });
const problemsOf = async () =>
  loadForms(folder).then(
    () => [],
    (error: unknown) => {
      if (!(error instanceof FormsRefused)) throw error;
      return error.problems.map((each) => `${each.path} ${each.code}`);
    },
  );

describe('the forms', () => {
  it('that ship can be used', async () => {
    const forms = await loadForms(FORMS);
    expect(forms.names).toEqual(expect.arrayContaining(['birth@1', 'death@1', 'marriage@1']));
    expect(forms.field('birth@1', 'data.child.birthPlace.ward')).toEqual({ type: 'string', width: 5 });
    expect(forms.field('birth@1', 'data.registration.copies')).toEqual({ type: 'integer', width: null });
    expect(forms.field('birth@1', 'applicant.identityNumbers.0.number')).toEqual({ type: 'string', width: null });
    expect(forms.field('birth@1', 'data.child.nothing')).toBeNull();
    expect(forms.validate('none@1', {})).toBeNull();
  });

  it('check the agreed formats', async () => {
    const string = (format: string) => ({ type: 'string', format });
    const fields = Object.fromEntries(
      ['partial-date', 'date', 'date-time', 'personal-id', 'tax-code', 'phone', 'commune'].map((each) => [each, string(each)]),
    );
    await put('all@1.schema.json', closed(fields));
    const forms = await loadForms(folder);
    const good = {
      'partial-date': '1950-06',
      date: '2026-05-17',
      'date-time': '2026-05-17T08:00:00+07:00',
      'personal-id': '099099000001',
      'tax-code': '9912345671',
      phone: '+84900000123',
      commune: '31825',
    };
    expect(forms.validate('all@1', good)).toEqual([]);
    const bad = {
      'partial-date': '2026-02-30',
      date: '2026-05',
      'date-time': '2026-05-17T08:00:00',
      'personal-id': '99099000001',
      'tax-code': '9912345672',
      phone: '84900000123',
      commune: '3182',
    };
    expect(forms.validate('all@1', bad)?.map((each) => each.code)).toEqual(Object.keys(bad).map((each) => `form.${each}`));
  });

  it('a required field that is missing is named by its title', async () => {
    await put('a@1.schema.json', closed({ name: { type: 'string', title: 'Họ tên' } }, { required: ['name'] }));
    const forms = await loadForms(folder);
    expect(forms.validate('a@1', {})).toEqual([
      { path: 'data.name', code: 'form.required', vi: 'Thiếu thông tin bắt buộc: Họ tên.', en: 'Required and missing: Họ tên.' },
    ]);
  });

  it('the applicant is described once for all forms, or by a form itself', async () => {
    await put('applicant.schema.json', closed({ fullName: { type: 'string' } }));
    await put('a@1.schema.json', closed({}));
    await put(
      'b@1.schema.json',
      closed({}, { $defs: { text: { type: 'string' }, applicant: closed({ company: { $ref: '#/$defs/text' } }) } }),
    );
    const forms = await loadForms(folder);
    expect(forms.names).toEqual(['a@1', 'b@1']);
    expect(forms.applicant('a@1', { fullName: 'Trần Thị Đước' })).toEqual([]);
    expect(forms.applicant('b@1', { fullName: 'Trần Thị Đước' })?.map((each) => each.path)).toEqual(['applicant.fullName']);
    expect(forms.applicant('b@1', { company: 1 })?.map((each) => each.code)).toEqual(['form.type']);
    expect(forms.field('b@1', 'applicant.company')).toEqual({ type: 'string', width: null });
  });

  it('broken JSON, broken schemas, reserved names and open objects are refused all at once', async () => {
    await put('a@1.schema.json', '{"type": ');
    await put('b@1.schema.json', closed({ x: { type: 'strin' } }));
    await put('c@1.schema.json', closed({ results: { type: 'string' }, code: { type: 'string' } }));
    await put('d@1.schema.json', closed({ inner: { type: 'object', properties: { x: { type: 'string' } } } }));
    expect(await problemsOf()).toEqual([
      'a@1.schema.json form.json',
      'b@1.schema.json form.schema',
      'c@1.schema.json form.reserved-name',
      'c@1.schema.json form.reserved-name',
      'd@1.schema.json form.open',
    ]);
  });
});
