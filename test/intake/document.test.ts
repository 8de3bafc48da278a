import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentHash, type ParsedDocument, parseDocument } from '../../src/intake/document.ts';
import { loadForms } from '../../src/intake/forms.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { birth, birthOf, FORMS } from './given.ts';

const forms = await loadForms(FORMS);
const parse = (body: unknown) => parseDocument(body, forms);
const codes = (parsed: ParsedDocument) => (parsed.ok ? ['taken'] : parsed.issues.map((each) => `${each.path} ${each.code}`).sort());
const taken = (parsed: ParsedDocument) => {
  if (!parsed.ok) throw new Error(codes(parsed).join(', '));
  return parsed;
};

describe('a pushed dossier', () => {
  it('becomes a document with typed head, form data and file marks', () => {
    expect(taken(parse(birth())).document).toEqual({
      head: {
        code: 'H12.64-261124-0001',
        nationalCode: 'G15.10-20261124-0000001',
        procedure: '1.001193.000.00.00.H12',
        agency: 'H12.64',
        status: 2,
        revision: 1,
        receivedAt: Date.parse('2026-11-24T01:00:00Z'),
        dueAt: Date.parse('2026-11-24T10:00:00Z'),
        form: 'birth@1',
      },
      body: {
        applicant: birth().applicant,
        data: birth().data,
        files: [{ name: 'giay-chung-sinh.pdf', mime: 'application/pdf', sizeBytes: 1200, hash: null, remoteId: 'f-1', kind: null }],
      },
      supplements: 1,
    });
  });

  it('what was not said stays not said', () => {
    const { nationalCode, revision, dueAt, files, supplements, ...least } = birth();
    expect([nationalCode, revision, dueAt, files, supplements].includes(undefined)).toBe(false);
    const { document } = taken(parse(least));
    expect(document.head).toMatchObject({ nationalCode: null, revision: null, dueAt: null });
    expect([document.body.files, document.supplements]).toEqual([[], 0]);
  });

  it('everything wrong is told at once, by path', () => {
    const { code, ...rest } = birthOf({ sex: 'nam', birthDate: '2026-02-30', nickName: 'Bi' });
    expect(code).toBeDefined();
    expect(codes(parse({ ...rest, status: '2', revision: -1, receivedAt: '2026-11-24 08:00', colour: 1, files: [{ name: 'a' }] }))).toEqual(
      [
        ' field.unknown',
        'code field.missing',
        'data.child.birthDate form.partial-date',
        'data.child.nickName form.unknown-field',
        'data.child.sex form.choice',
        'files.0.mime field.missing',
        'files.0.sizeBytes field.missing',
        'receivedAt field.instant',
        'revision field.range',
        'status field.type',
      ]
        .map((each) => each.replace(/^ field/, 'colour field'))
        .sort(),
    );
  });

  it('unknown forms, files without mark and unsafe codes are refused', () => {
    expect(codes(parse(birth({ form: 'birth@9' })))).toEqual(['form form.unknown']);
    expect(codes(parse(birth({ form: 'birth' })))).toEqual(['form field.shape', 'form form.unknown']);
    expect(codes(parse(birth({ code: '../H12' })))).toEqual(['code field.shape']);
    expect(codes(parse(birth({ files: [{ name: 'a.pdf', mime: 'application/pdf', sizeBytes: 1 }] })))).toEqual(['files.0 file.mark']);
    expect(codes(parse(birth({ files: [{ name: 'a.pdf', mime: 'application/pdf', sizeBytes: 26_214_401, remoteId: 'f' }] })))).toEqual([
      'files.0.sizeBytes field.range',
    ]);
    expect(codes(parse(birth({ applicant: { kind: 'citizen', fullName: 'Trần Thị Đước', age: 3 } })))).toEqual([
      'applicant.age form.unknown-field',
    ]);
  });

  it('T17: a code of no known shape is taken and remarked on, so that no one-stop is shut out', () => {
    expect(taken(parse(birth({ code: 'CM-2026-1' }))).notices.map((each) => each.code)).toEqual(['code.unusual']);
    expect(taken(parse(birth())).notices).toEqual([]);
  });

  it('T3: year and month pass as they are known, and no day is added', () => {
    for (const birthDate of ['1950', '1950-06']) {
      expect(taken(parse(birthOf({ birthDate }))).document.body.data.child).toMatchObject({ birthDate });
    }
  });

  it('T14: NFD is composed and said; the tone position stays as it was written', () => {
    const parsed = taken(parse(birthOf({ fullName: 'Nguyễn Thị Hoà'.normalize('NFD') })));
    expect(parsed.document.body.data.child).toMatchObject({ fullName: 'Nguyễn Thị Hoà'.normalize('NFC') });
    expect(parsed.notices.map((each) => `${each.path} ${each.code}`)).toEqual(['data.child.fullName text.nfd']);
    const composed = taken(parse(birthOf({ fullName: 'Nguyễn Thị Hoà' })));
    expect(contentHash(composed.document)).toBe(contentHash(parsed.document));
  });

  it('T13: pre-Unicode text is refused with its charset named', () => {
    expect(codes(parse(birthOf({ fullName: 'NguyÔn V¨n §­íc' })))).toEqual(['data.child.fullName text.tcvn3']);
    expect(codes(parse(birthOf({ fullName: 'Nguyeãn Vaên Ñöùc' })))).toEqual(['data.child.fullName text.vni']);
  });

  it('foreign names are no pre-Unicode text', () => {
    for (const fullName of [
      'Jürgen Müller',
      'François Noël',
      'María Núñez',
      'Søren Kierkegård',
      'Björk Guðmundsdóttir',
      'Zoë O’Brien',
      'Phan Hà',
    ]) {
      expect([fullName, codes(parse(birthOf({ fullName })))]).toEqual([fullName, ['taken']]);
    }
  });

  it('damaged text, control characters and reversed writing are refused', () => {
    for (const fullName of ['Nguy\ufffdn', 'Nguy\ud800n'])
      expect(codes(parse(birthOf({ fullName })))).toContain('data.child.fullName text.broken');
    for (const fullName of ['An\u0000', 'An\u001b[31m', 'An\u202eB', 'An\r\nB']) {
      expect(codes(parse(birthOf({ fullName })))).toEqual(['data.child.fullName text.control']);
    }
  });

  it('no body whatsoever makes it throw, and none of the wrong ones is taken', () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 5000; level += 1) deep = [deep];
    const bodies: readonly unknown[] = [
      null,
      undefined,
      1,
      'x',
      [],
      {},
      deep,
      JSON.parse('{"__proto__":{"code":"x"}}'),
      JSON.parse('{"a":1e400}'),
      birth({ revision: 2 ** 60 }),
      () => 1,
    ];
    for (const body of bodies) expect(parse(body).ok).toBe(false);
    expect(codes(parse(deep))).toContain(`${Array(33).fill('0').join('.')} body.too-deep`);
    expect(codes(parse(birth({ files: Array(30_000).fill(null) })))).toContain(' body.too-much');
    fc.assert(
      fc.property(fc.anything(), (body) => !parse(body).ok),
      { numRuns: 300 },
    );
  });

  it('no sentence and no path holds a value of the record', () => {
    const secret = 'Bí Mật 099099000001';
    const wrong: readonly JsonObject[] = [
      birth({ code: secret, nationalCode: secret, procedure: secret, receivedAt: secret, form: secret, status: secret, files: secret }),
      birthOf({ fullName: `${secret}\u0000`, sex: secret, birthDate: secret, parentage: secret, paper: secret }),
      birth({
        applicant: { kind: secret, fullName: secret.repeat(50), phone: secret, identityNumbers: [{ kind: secret, number: secret }] },
      }),
    ];
    for (const body of wrong) {
      const parsed = parse(body);
      expect(parsed.ok).toBe(false);
      expect(JSON.stringify(parsed)).not.toMatch(/Bí Mật|099099000001/);
    }
  });

  it('at most a hundred issues are listed, and the rest is counted', () => {
    const parsed = parse(birth({ files: Array(150).fill({}) }));
    expect(parsed.ok ? 0 : parsed.issues.length).toBe(101);
    expect(parsed.ok ? null : parsed.issues.at(-1)?.code).toBe('issues.more');
  });
});

describe('the content hash', () => {
  it('depends on content and not on the order of names', () => {
    const turned = Object.fromEntries(Object.entries(birth()).reverse());
    expect(contentHash(taken(parse(turned)).document)).toBe(contentHash(taken(parse(birth())).document));
    expect(contentHash(taken(parse(birth())).document)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('any change of head, data, files or supplements changes it', () => {
    const variants = [
      birth(),
      birth({ status: 4 }),
      birth({ revision: 2 }),
      birth({ supplements: 2 }),
      birth({ files: [] }),
      birthOf({ fullName: 'Nguyễn Văn Bân' }),
    ];
    expect(new Set(variants.map((each) => contentHash(taken(parse(each)).document))).size).toBe(variants.length);
  });

  it('the same moment in another zone is the same content', () => {
    const zulu = birth({ receivedAt: '2026-11-24T01:00:00Z' });
    expect(contentHash(taken(parse(zulu)).document)).toBe(contentHash(taken(parse(birth())).document));
  });
});
