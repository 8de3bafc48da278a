import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  businessLocation,
  communeCode,
  drivingLicence,
  enterpriseCode,
  healthCard,
  type Identifier,
  joinIds,
  oldIdentityCard,
  type PersonId,
  personalId,
  phone,
  plate,
  registerKey,
  samePerson,
  socialInsuranceNumber,
  taxCheckDigit,
  taxCode,
  vietnamesePassport,
} from '../../src/model/identifiers.ts';
import type { Reading } from '../../src/model/reading.ts';

const told = (read: Reading<Identifier>) => (read.ok ? `${read.value.kind} ${read.value.text}` : read.problem.code);
const warned = (read: Reading<Identifier>) => (read.ok ? read.value.warnings.map((each) => each.code) : ['refused']);

describe('tax codes', () => {
  it('T11: the worked examples have the check digits of the table', () => {
    expect(taxCheckDigit('991234567')).toBe(1);
    expect(taxCheckDigit('991234560')).toBe(0);
    expect(taxCheckDigit('991234564')).toBeNull();
    expect(told(taxCode('9912345671'))).toBe('tax-code 9912345671');
    expect(told(taxCode('9912345600'))).toBe('tax-code 9912345600');
  });

  it('T11: the rival formula and a base with remainder 0 are refused', () => {
    expect(told(taxCode('9912345672'))).toBe('tax-code.check-digit');
    for (let digit = 0; digit <= 9; digit += 1) expect(told(taxCode(`991234564${digit}`))).toBe('tax-code.check-digit');
  });

  it('T11: a base has one valid check digit, or none where the sum leaves no remainder', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^99\d{7}$/), (base) => {
        const valid = [...'0123456789'].filter((digit) => taxCode(base + digit).ok);
        expect(valid).toEqual(taxCheckDigit(base) === null ? [] : [String(taxCheckDigit(base))]);
      }),
    );
  });

  it('T11: twelve digits are a person or household, without the 10-digit check', () => {
    expect(told(taxCode('099099000001'))).toBe('tax-person 099099000001');
    expect(told(taxCode('991234564012'))).toBe('tax-person 991234564012');
  });

  it('branches have one stored form', () => {
    expect(told(taxCode('9912345671-001'))).toBe('tax-branch 9912345671-001');
    expect(told(taxCode('9912345671001'))).toBe('tax-branch 9912345671-001');
    expect(told(taxCode('9912345671-000'))).toBe('tax-code.branch');
    expect(told(taxCode('9912345672-001'))).toBe('tax-code.check-digit');
    for (const text of ['', '991234567', '99123456711', '9912345671-01', '99123A5671']) expect(told(taxCode(text))).toBe('tax-code.shape');
    expect(told(enterpriseCode('9912345671'))).toBe('tax-code 9912345671');
    expect(told(enterpriseCode('9912345671-001'))).toBe('enterprise.shape');
    expect(told(enterpriseCode('099099000001'))).toBe('enterprise.shape');
  });
});

describe('ids of people', () => {
  it('digit 4 and the year are compared, and a difference only warns', () => {
    expect(warned(personalId('099099000001', { birthYear: 1999, gender: 'male' }))).toEqual([]);
    expect(warned(personalId('099199000001', { birthYear: 1999, gender: 'female' }))).toEqual([]);
    expect(warned(personalId('099326000001', { birthYear: 2026, gender: 'female' }))).toEqual([]);
    expect(warned(personalId('099099000001', { birthYear: 2000 }))).toEqual(['personal-id.century']);
    expect(warned(personalId('099099000001', { gender: 'female' }))).toEqual(['personal-id.century']);
    expect(warned(personalId('099999000001'))).toEqual(['personal-id.century']);
    expect(warned(personalId('99099000001'))).toEqual(['refused']);
  });

  it('T16: one shared id of the same kind makes two histories one person', () => {
    const before: readonly PersonId[] = [
      { kind: 'cmnd', text: '990000001' },
      { kind: 'personal-id', text: '099099000001' },
    ];
    const after: readonly PersonId[] = [
      { kind: 'personal-id', text: '099099000002' },
      { kind: 'cmnd', text: '990000001' },
    ];
    expect(samePerson(before, after)).toBe(true);
    expect(samePerson(before, [{ kind: 'personal-id', text: '099099000002' }])).toBe(false);
    expect(samePerson(before, [{ kind: 'passport', text: '990000001' }])).toBe(false);
    expect(samePerson([], [])).toBe(false);
  });

  it('T16: a new id joins the history and no old id is lost, so either finds the person later', () => {
    const known: readonly PersonId[] = [{ kind: 'cmnd', text: '990000001' }];
    const joined = joinIds(known, [
      { kind: 'personal-id', text: '099099000001' },
      { kind: 'cmnd', text: '990000001' },
      { kind: 'personal-id', text: '099099000001' },
    ]);
    expect(joined).toEqual([
      { kind: 'cmnd', text: '990000001' },
      { kind: 'personal-id', text: '099099000001' },
    ]);
    expect(samePerson(joined, known)).toBe(true);
  });

  it('phones are stored in the 0 form', () => {
    expect(told(phone('+84900000123'))).toBe('phone 0900000123');
    expect(told(phone('0900000123'))).toBe('phone 0900000123');
    for (const text of ['84900000123', '090000012', '0900 000 123', '+840900000123']) expect(told(phone(text))).toBe('phone.shape');
  });
});

describe('other identifiers', () => {
  it('each has its shape', () => {
    expect(told(oldIdentityCard('990000001'))).toBe('cmnd 990000001');
    expect(told(oldIdentityCard('99000001'))).toBe('cmnd.shape');
    expect(told(socialInsuranceNumber('9900000001'))).toBe('social-insurance 9900000001');
    expect(told(healthCard('TE1969900000001'))).toBe('health-card TE1969900000001');
    expect(told(healthCard('9900000001'))).toBe('health-card.shape');
    expect(told(drivingLicence('990000000001'))).toBe('driving-licence 990000000001');
    expect(told(vietnamesePassport('B9900001'))).toBe('passport B9900001');
    expect(told(vietnamesePassport('b9900001'))).toBe('passport.shape');
    for (const text of ['69A-123.45', '69C1-12345', '69AA12345', '94D123.45']) expect(told(plate(text))).toBe(`plate ${text}`);
    expect(told(plate('A69-12345'))).toBe('plate.shape');
    expect(told(businessLocation('00001'))).toBe('business-location 00001');
  });

  it('a commune code without the version of its list is ambiguous and refused', () => {
    expect(communeCode('31825', null)).toMatchObject({ ok: false, problem: { code: 'commune.version' } });
    expect(communeCode('31825', '2025')).toEqual({ ok: true, value: { code: '31825', version: '2025' } });
    expect(communeCode('3182', '2025')).toMatchObject({ ok: false, problem: { code: 'commune.shape' } });
  });

  it('a register entry is known by place, kind, book, number and year together', () => {
    const entry = { place: '32025', kind: 'birth', book: '01/2026', number: '15', year: 2026 } as const;
    const key = registerKey(entry);
    expect(key).toMatchObject({ ok: true });
    for (const other of [
      { ...entry, year: 2025 },
      { ...entry, kind: 'death' as const },
      { ...entry, book: '02/2026' },
      { ...entry, number: '5' },
    ]) {
      expect(registerKey(other)).not.toEqual(key);
    }
    expect(registerKey({ ...entry, number: ' ' })).toMatchObject({ ok: false, problem: { code: 'register.incomplete' } });
  });
});
