import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../src/intake/document.ts';
import { loadForms } from '../../src/intake/forms.ts';
import { hubDocument } from '../../src/model/dossier.ts';
import { book, inwards, mapping, outwards, shippedIds } from './book.ts';
import { dossierLines, expected, KINDS, MAPPINGS } from './given.ts';

describe('the shipped mappings', () => {
  it('have nothing wrong: syntax, closed world, owners, laws and cases', () => {
    expect(book.diagnostics).toEqual([]);
    expect(book.mappings.map((each) => each.id).sort()).toEqual(shippedIds);
    expect(shippedIds).toEqual(
      expect.arrayContaining(['civil-status', 'one-stop'].flatMap((system) => KINDS.map((kind) => `${system}.${kind}`))),
    );
    expect(book.status).not.toBeNull();
  });

  it('have cases of their own, and a sentence in Vietnamese for each line', () => {
    for (const { mapping: each, source } of book.compiled) {
      expect(source.node.cases.length).toBeGreaterThan(1);
      expect(each.explain().length).toBeGreaterThanOrEqual(each.rules.length);
    }
  });

  it('stop exactly the demo dossiers whose end names an unknown or a split code at first', async () => {
    const forms = await loadForms(`${MAPPINGS}/forms`);
    const stopped = dossierLines().flatMap((line) => {
      const parsed = parseDocument(JSON.parse(line), forms);
      if (!parsed.ok) throw new RangeError('a demo dossier is refused');
      const { head, body } = parsed.document;
      const of = book.mappings.find((each) => each.system === 'civil-status' && each.form === head.form);
      if (of === undefined) throw new RangeError(`no mapping for ${head.form}`);
      const { problems } = outwards(
        of,
        hubDocument(head, { ...body, results: {}, choices: [] }),
        new Date(head.receivedAt).toISOString().slice(0, 10),
      );
      return problems.length === 0 ? [] : [[head.code, [...new Set(problems.map((problem) => problem.hold))]] as const];
    });
    const held = Object.entries(expected()).flatMap(([code, end]) => {
      const kinds = 'holds' in end ? end.holds.map((hold) => hold.kind).filter((kind) => kind.endsWith('-code')) : [];
      return kinds.length === 0 ? [] : [[code, kinds] as const];
    });
    const decided = 'H12.31-261103-0012';
    expect(stopped.filter(([code]) => code !== decided)).toEqual(held);
    expect(stopped.find(([code]) => code === decided)?.[1]).toEqual(['split-code']);
  });
});

describe('T3: a date known in part stays a date known in part', () => {
  it('goes out and comes back without a day nobody said', () => {
    const death = mapping('civil-status', 'death');
    for (const [hub, wire] of [
      ['1936', '1936'],
      ['1948-06', '06.1948'],
      ['1951-09-01', '01.09.1951'],
    ] as const) {
      const { record, problems } = outwards(death, { deceased: { birthDate: hub } });
      expect(problems).toEqual([]);
      expect(record.nktNgaySinh).toBe(wire);
      const back = inwards(death, { ketQuaXuLy: { nktNgaySinh: wire } }, { deceased: {} });
      expect(back.changes).toEqual([{ line: 'nktNgaySinh', path: 'deceased.birthDate', value: hub }]);
    }
  });
});

describe('T4 and T5: wards', () => {
  it('a place is carried by code and list together: an old ward becomes its new one, and a code of no list waits', () => {
    const birth = mapping('civil-status', 'birth');
    const hometown = (ward: string, wardVersion: string, province: string) =>
      outwards(birth, { child: { hometown: { ward, wardVersion, province } } });
    expect(hometown('31819', 'old', '95').record.nksQueQuan).toEqual({ maTinh: '96', maXa: '31834' });
    expect(hometown('31834', '2025', '96').record.nksQueQuan).toEqual({ maTinh: '96', maXa: '31834' });
    expect(hometown('31819', '2025', '96').problems.map((problem) => problem.hold)).toEqual(['unknown-code']);
  });

  it('a split ward offers its candidates by name and asks the official', () => {
    const { problems } = outwards(mapping('civil-status', 'death'), {
      deceased: { residence: { ward: '32191', wardVersion: 'old', province: '96' } },
    });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ hold: 'split-code', path: 'deceased.residence.ward' });
    expect(problems[0]?.choices?.map((choice) => choice.value)).toEqual(['32191', '32201']);
    expect(problems[0]?.choices?.[1]?.label).toContain('Xã Đất Mới');
  });
});

describe('T12: a code that lost its zeros on the way', () => {
  it('is read as the code it was', () => {
    const birth = mapping('civil-status', 'birth');
    const { changes, problems } = inwards(
      birth,
      { ketQuaXuLy: { nksDanToc: '5', nksNoiSinh: { maXa: '4.0', maTinh: '1' } } },
      { child: { birthPlace: {} } },
    );
    expect(problems).toEqual([]);
    const at = (path: string) => changes.find((change) => change.path === path)?.value;
    expect(at('child.ethnic')).toBe('05');
    expect(at('child.birthPlace.ward')).toBe('00004');
    expect(at('child.birthPlace.province')).toBe('01');
  });
});

describe('T18: codes of one list mean nothing in another', () => {
  it('a stage that the civil-status list does not have is unknown, never guessed', () => {
    for (const kind of KINDS) {
      const of = mapping('civil-status', kind);
      expect(of.phase({ trangThai: '6' }, 'all')).toMatchObject({ is: 'phase', phase: 'refused' });
      expect(of.phase({ trangThai: '9' }, 'all')).toEqual({ is: 'unknown', code: '9' });
      expect(of.phase({ trangThai: '10' }, 'all')).toEqual({ is: 'unknown', code: '10' });
    }
  });
});

describe('T19: what nobody said is not said', () => {
  it('a dossier with only its names yields a record with only those and what identifies it', () => {
    for (const [kind, data, names] of [
      ['birth', { child: { fullName: 'Mẫu Thử' } }, { nksHoTen: 'Mẫu Thử' }],
      ['death', { deceased: { fullName: 'Mẫu Thử' } }, { nktHoTen: 'Mẫu Thử' }],
      ['marriage', { wife: { fullName: 'Mẫu Thử' } }, { voHoTen: 'Mẫu Thử' }],
    ] as const) {
      const { record } = outwards(mapping('civil-status', kind), { code: 'H12.31-261102-9999', ...data });
      const { module: _always, ...said } = record;
      expect(said).toEqual({ maHoSoMCDT: 'H12.31-261102-9999', ...names });
    }
  });

  it('a missing father leaves every field of the father missing', () => {
    const { record, problems } = outwards(mapping('civil-status', 'birth'), {
      child: { parentage: 'father-unknown' },
      mother: { fullName: 'Mẫu Thử' },
    });
    expect(problems).toEqual([]);
    expect(Object.keys(record).filter((name) => name.startsWith('cha'))).toEqual([]);
    expect(record.nksLoaiKhaiSinh).toBe('3');
  });

  it('a residence kind of "none" stays none, and an absent one stays absent', () => {
    const birth = mapping('civil-status', 'birth');
    expect(outwards(birth, { mother: { residenceKind: 'none' } }).record.meLoaiCuTru).toBe('0');
    expect(outwards(birth, { mother: {} }).record.meLoaiCuTru).toBeUndefined();
  });
});
