import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { book, inwards, mapping, outwards } from '../mappings/book.ts';
import { crosswalk } from '../mappings/given.ts';

const card = mapping('social-insurance', 'child-card');
const labour = mapping('social-insurance', 'labour-change');

/** Every field the sources name (domain: social-insurance.md §2.1), written out by hand. */
const words = (list: string) => list.trim().split(/\s+/);
const TK1 = words(`Hoten Ngaysinh Gioitinh quocTich danToc Diachiks maTinh_KS maHuyen_KS maXa_KS diaChi_NN Diachinnhs maTinh_NN maHuyen_NN
  maXa_NN Masobhxh cmnd dienThoai_LH email_LH Ccns ThTreEmDuoi6 ten_ChaMe_GiamHo maHo_GiaDinh Muctien Phuongthuc Noidkkcb Matinhbenhvien
  Mabenhvien noiDung_ThayDoi hoSoKemTheo dangKyNhanTai Nhan_Bangiay Nhan_BanDientu Tinh_NhanBangiay Huyen_NhanBangiay Xa_NhanBangiay
  hinhThucNhan noiCapGKS thongTinHoGiaDinh maThe gtTheTu gtTheDen maDKBD tenDKBD`);
const D02 = words(`Hoten Masobhxh Cmnd Ngaysinh Gioitinh pa chucVu tienLuong phuCap.CV phuCap.TNVK phuCap.TNNghe phuCap.Luong phuCap.BoSung
  tuThang denThang loai tyLeDong tinhLai daCoSo ghiChu maVungLTT maVungSS Vtvl.Tungay Vtvl.Denngay Hdld.Tungay Hdld.Denngay Cogiamchet
  Ngaychet Tinhtrang soTheBHYT`);
const TRACE = words('soHoSo Ngayhentra Ngayxulyxong Tenthutuc Quatrinh.Buoc Quatrinh.Tenphongban Quatrinh.Canboxuly Quatrinh.Tinhtrang');

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
}
const has = (schema: Node, path: string): boolean =>
  path.split('.').reduce<Node | undefined>((here, name) => here?.properties?.[name], schema) !== undefined;

test.each([
  ['child-card', [...TK1, ...TRACE]],
  ['labour-change', [...D02, ...TRACE]],
])('the record of a %s has every field that the sources name; the closed world demands a line or a reason of each', (kind, named) => {
  const schema = JSON.parse(readFileSync(`adapters/social-insurance/records/${kind}.schema.json`, 'utf8')) as Node;
  expect(named.filter((path) => !has(schema, path))).toEqual([]);
  expect(book.diagnostics.filter(({ file }) => file === `social-insurance/${kind}.yaml`)).toEqual([]);
});

describe('the card of a child', () => {
  test('waits for the personal ID of the civil register, and asks for the first-treatment place at the counter', () => {
    expect(card.needs).toContain('results.civil-status.personalId');
    expect(card.needs).toContain('insurance.firstTreatment.facility');
  });

  test('begins for the linked procedure at the date of the dossier only', () => {
    expect(card.procedures.map(({ code }) => code)).not.toContain('1.001193');
    const linked = card.procedures.find(({ code }) => code === '3.000722');
    expect(new Date(linked?.from ?? 0).toISOString()).toBe('2026-08-31T17:00:00.000Z');
  });

  test('a hospital that takes no registrations any more, or not yet, waits for a person', () => {
    const facility = (code: string, day: string) =>
      outwards(card, { insurance: { firstTreatment: { facility: code } } }, day).record.Mabenhvien;
    expect(facility('99003', '2025-06-30')).toBe('99003');
    expect(facility('99003', '2026-01-01')).toBeUndefined();
    expect(facility('99002', '2025-12-31')).toBeUndefined();
    expect(facility('99002', '2026-01-01')).toBe('99002');
  });

  test('saved, open and done of one status are three phases; a number nobody knows is held', () => {
    const phase = (trangThai: string) => card.phase({ trangThai }, 'all');
    expect(phase('4/none')).toMatchObject({ phase: 'sent' });
    expect(phase('4/open')).toMatchObject({ phase: 'accepted' });
    expect(phase('4/no-card')).toMatchObject({ phase: 'assigned' });
    expect(phase('4/card')).toMatchObject({ phase: 'issued' });
    expect(phase('3/open')).toMatchObject({ phase: 'refused' });
    expect(phase('7/done')).toEqual({ is: 'unknown', code: '7/done' });
    expect(phase('3/card')).toEqual({ is: 'unknown', code: '3/card' });
  });
});

describe('T1: gender at the insurance portal', () => {
  test('is 1 and 0, both ways; an unknown one is asked, and 3 is never read as anything', () => {
    expect(outwards(card, { child: { sex: 'male' } }).record.Gioitinh).toBe('1');
    expect(outwards(card, { child: { sex: 'female' } }).record.Gioitinh).toBe('0');
    const { problems } = outwards(card, { child: { sex: 'unknown' } });
    expect(problems.map(({ hold, choices }) => [hold, choices?.map(({ value }) => value)])).toEqual([['split-code', ['1', '0']]]);
    expect(inwards(labour, { Gioitinh: '0' }, { worker: {} }).changes.map(({ value }) => value)).toEqual(['female']);
    expect(inwards(labour, { Gioitinh: '3' }, { worker: {} }).problems.map(({ hold }) => hold)).toEqual(['unknown-code']);
    expect(
      crosswalk('gender.bhxh')
        .filter(({ ours }) => ours === 'unknown')
        .every(({ direction }) => direction === '>'),
    ).toBe(true);
  });
});

describe('T2: the formats of the portal', () => {
  test.each([
    ['kyKeKhai', { period: '2026-01' }, '012026', '2026-01'],
    ['tuThang', { change: { from: '2025-12' } }, '12/2025', '12-2025'],
    ['Ngaychet', { death: { date: '2025-12-20' } }, '20/12/2025', '2025-12-20'],
    ['Ngaysinh', { worker: { birthDate: '1998-05-17' } }, '17/05/1998', '17.05.1998'],
  ])('%s is written and read back; another format is an error, never a guess', (field, hub, wire, wrong) => {
    expect(outwards(labour, hub).record[field]).toBe(wire);
    expect(labour.theirs({ [field]: wire }, 'all').get(field)).toMatchObject({ is: 'value', value: wire });
    expect(labour.theirs({ [field]: wrong }, 'all').get(field)).toMatchObject({ is: 'invalid', problem: { code: 'date.format' } });
  });
});

describe('T3: a date known in part', () => {
  test('stays known in part in a D02-TS', () => {
    expect(outwards(labour, { worker: { birthDate: '1967' } }).record.Ngaysinh).toBe('1967');
    expect(outwards(labour, { worker: { birthDate: '1967-03' } }).record.Ngaysinh).toBe('03/1967');
  });

  test('of a child waits for the day', () => {
    const { record, problems } = outwards(card, { child: { birthDate: '2026-09' } });
    expect(problems.map(({ code }) => code)).toEqual(['date.precision']);
    expect(record.Ngaysinh).toBeUndefined();
  });
});

describe('T12: codes without their zeros', () => {
  test('are equal to the codes they were', () => {
    const ours = card.ours({ document: { child: { ethnic: '05' } }, choices: [], at: Date.UTC(2026, 10, 2) }).get('danToc');
    const theirs = card.theirs({ danToc: '5' }, 'all').get('danToc');
    expect(ours !== undefined && theirs !== undefined && card.equal('danToc', ours, theirs)).toBe(true);
  });
});

describe('T19: what nobody said is not said', () => {
  test('a dossier with only a name yields its name and what is always so', () => {
    expect(outwards(card, { child: { fullName: 'Mẫu Thử' } }).record).toEqual({ Hoten: 'Mẫu Thử', maTinh_KS: '96', ThTreEmDuoi6: true });
    expect(outwards(labour, { worker: { fullName: 'Mẫu Thử' } }).record).toEqual({ Hoten: 'Mẫu Thử' });
  });

  test('a salary of 0 is a salary, and a flag of "no" is said', () => {
    expect(outwards(labour, { job: { salary: 0 }, change: { hasBook: false } }).record).toEqual({ tienLuong: 0, daCoSo: '0' });
  });
});

describe('T23: who owns what', () => {
  test('what the register of births says of the child never becomes the insurance’s, at no phase', () => {
    for (const id of ['Hoten', 'Ngaysinh', 'Gioitinh', 'cmnd', 'maXa_KS'])
      expect(card.rule(id)).toMatchObject({ owner: 'give', until: null });
  });

  test('the insurance number and the card are read, never written', () => {
    const taken = card.rules.filter(({ owner }) => owner === 'take').map(({ hubPath }) => hubPath);
    expect(taken).toContain('results.social-insurance.insuranceNumber');
    expect(taken.every((path) => path.startsWith('results.social-insurance.'))).toBe(true);
    expect(outwards(card, { results: { 'social-insurance': { insuranceNumber: '9900000001' } } }).record.Masobhxh).toBeUndefined();
  });
});
