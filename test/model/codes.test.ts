import { describe, expect, it } from 'vitest';
import {
  codeClash,
  codesOf,
  parseAgencyCode,
  parseDossierCode,
  parsePaperCode,
  parseProcedureCode,
  sameDossier,
  sameProcedure,
} from '../../src/model/codes.ts';
import { matchProcedure, type ProcedureRow, readCatalogue } from '../../src/model/procedure.ts';

describe('codes', () => {
  it('T17: the three shapes of dossier codes are told apart', () => {
    expect(parseDossierCode('000.00.01.H22-250102-0007')).toMatchObject({
      shape: 'legacy',
      agency: '000.00.01.H22',
      date: '2025-01-02',
      sequence: '0007',
    });
    expect(parseDossierCode('H21.129-250807-0012')).toMatchObject({ shape: 'short', agency: 'H21.129', date: '2025-08-07' });
    expect(parseDossierCode('G09.20-20260609-0092637')).toMatchObject({
      shape: 'central',
      agency: 'G09.20',
      date: '2026-06-09',
      sequence: '0092637',
    });
    expect(parseDossierCode('H12-261124-0001')).toMatchObject({ shape: 'short', agency: 'H12' });
    expect(parseDossierCode('H12.64.01.002-261124-00011')).toMatchObject({ agency: 'H12.64.01.002' });
  });

  it('T17: what has no known shape or no real day is no dossier code', () => {
    for (const text of [
      '',
      'H12',
      'H12-260230-0001',
      'H12-20261301-0000001',
      'h12-261124-0001',
      '000.00.01.H22-261124-01',
      'H12-261124-0001 ',
    ]) {
      expect([text, parseDossierCode(text)]).toEqual([text, null]);
    }
  });

  it('T17: either of the two codes finds the dossier, and one code from two agencies is a clash', () => {
    const local = { code: 'H12.64-261124-0001', nationalCode: 'G09.20-20261124-0000001', agency: 'H12.64' };
    const national = { code: 'G09.20-20261124-0000001', nationalCode: null, agency: 'H12.64' };
    expect(codesOf(local)).toEqual(['H12.64-261124-0001', 'G09.20-20261124-0000001']);
    expect(sameDossier(local, national)).toBe(true);
    expect(sameDossier(local, { code: 'H12.64-261124-0002', nationalCode: null })).toBe(false);
    expect(codeClash(local, national)).toBe(false);
    expect(codeClash(local, { ...national, agency: 'H12.65' })).toBe(true);
  });

  it('agencies, procedures and papers have their shapes', () => {
    expect(parseAgencyCode('000.00.04.G18')).toMatchObject({ shape: 'old', authority: 'G18' });
    expect(parseAgencyCode('G09.20')).toMatchObject({ shape: 'new', authority: 'G09' });
    expect(parseAgencyCode('Sở Tư pháp')).toBeNull();
    expect(parsePaperCode('000.00.00.G15-KQ000031')?.shape).toBe('component');
    expect(parsePaperCode('KQ.G15.000031')?.shape).toBe('result');
    expect(parsePaperCode('KQ.DVC.KETQUA')?.shape).toBe('portal');
    expect(parsePaperCode('KQ.G15.31')).toBeNull();
  });

  it('T10: procedures compare on the base code, whatever their suffix', () => {
    expect(parseProcedureCode('1.001193')).toMatchObject({ shape: 'base', base: '1.001193', authority: null });
    expect(parseProcedureCode('1.001193.000.00.00.H12')).toMatchObject({ shape: 'local', base: '1.001193', authority: 'H12' });
    expect(parseProcedureCode('2.002621.H56')).toMatchObject({ shape: 'short-local', base: '2.002621' });
    expect(parseProcedureCode('TS_MN.000.00.00.H22')).toBeNull();
    expect(sameProcedure('1.001193.000.00.00.H12', '1.001193.H56')).toBe(true);
    expect(sameProcedure('1.001193', '1.001194')).toBe(false);
    expect(sameProcedure('TS_MN', 'TS_MN')).toBe(true);
  });
});

describe('the catalogue of procedures', () => {
  const row = (code: string, more: Partial<ProcedureRow> = {}): ProcedureRow => ({
    code,
    name: 'Đăng ký khai sinh',
    form: 'birth@1',
    from: null,
    until: null,
    replacedBy: null,
    level: null,
    ...more,
  });
  const catalogue = [
    row('2.000986', { until: '2026-08-31', replacedBy: '3.000722' }),
    row('2.001023', { until: '2026-08-31', replacedBy: '3.000722' }),
    row('2.002621', { until: '2026-08-31', replacedBy: '3.000722' }),
    row('3.000722', { from: '2026-09-01' }),
  ];
  const at = (text: string) => Date.parse(text);

  it('T10: the code is matched on the day of receipt in Vietnam, to the last minute', () => {
    expect(matchProcedure(catalogue, '2.000986.000.00.00.H12', at('2026-08-31T23:59:59+07:00'))).toMatchObject({ is: 'found' });
    expect(matchProcedure(catalogue, '3.000722', at('2026-09-01T00:00:00+07:00'))).toMatchObject({ is: 'found' });
  });

  it('T10: an expired code is reported with its successor, not replaced and not dropped', () => {
    for (const code of ['2.000986', '2.001023.H56', '2.002621.000.00.00.H12']) {
      expect(matchProcedure(catalogue, code, at('2026-09-01T00:00:00+07:00'))).toMatchObject({ is: 'expired', replacedBy: '3.000722' });
    }
    expect(matchProcedure(catalogue, '3.000722', at('2026-08-31T23:59:59+07:00'))).toMatchObject({ is: 'not-yet' });
    expect(matchProcedure(catalogue, '9.999999', at('2026-08-31T00:00:00Z'))).toEqual({ is: 'unknown' });
  });

  it('a catalogue is read whole or not at all, and the row is named', () => {
    const good = { code: '1.001193', name: 'Đăng ký khai sinh', form: 'birth@1' };
    expect(readCatalogue([good])).toEqual({ ok: true, value: [row('1.001193')] });
    const wrong: readonly unknown[] = [
      { ...good, colour: 'x' },
      { ...good, until: '2026-02-30' },
      { ...good, from: '2026-09' },
      { ...good, code: 1.001193 },
      { name: 'Đăng ký khai sinh', form: 'birth@1' },
      { ...good, code: '1.001193.H12' },
    ];
    for (const each of wrong) {
      const read = readCatalogue([good, each]);
      expect(read.ok ? null : [read.problem.code, read.problem.en.includes('row 2')]).toEqual(['catalogue.row', true]);
    }
  });
});
