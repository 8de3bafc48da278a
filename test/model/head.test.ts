import { describe, expect, it } from 'vitest';
import {
  cutFor,
  DOSSIER_PACKET,
  DOSSIER_PACKET_NEWER,
  fromWire,
  LIST_FIELDS,
  type PacketField,
  PROGRESS_PACKET,
  toWire,
} from '../../src/model/head.ts';
import type { Json } from '../../src/model/json.ts';

const named = (wire: string): PacketField => {
  const found = [...DOSSIER_PACKET, ...DOSSIER_PACKET_NEWER, ...PROGRESS_PACKET, ...LIST_FIELDS].find((each) => each.wire === wire);
  if (found === undefined) throw new Error(wire);
  return found;
};
const at = Date.parse('2026-11-24T08:07:09+07:00');

describe('the packets of the national portal', () => {
  it('name every field once, nine of them for progress', () => {
    const names = [...DOSSIER_PACKET, ...DOSSIER_PACKET_NEWER].map((each) => each.wire);
    expect(new Set(names).size).toBe(names.length);
    expect(DOSSIER_PACKET.length).toBe(29);
    expect(PROGRESS_PACKET.map((each) => each.wire)).toEqual(
      'MaHoSo NguoiXuLy ChucDanh ThoiDiemXuLy PhongBanXuLy NoiDungXuLy TrangThai NgayBatDau NgayKetThucTheoQuyDinh'.split(' '),
    );
  });

  it('values go out as text and come back as what they were', () => {
    const samples: readonly (readonly [PacketField, Json, string])[] = [
      [named('NgayTiepNhan'), at, '20261124080709'],
      [named('TrangThaiHoSo'), 10, '10'],
      [named('HoSoCoThanhPhanSoHoa'), false, '0'],
      [named('TaiKhoanDuocXacThucVoiVNeID'), true, '1'],
      [{ ...named('GhiChu'), type: 'flag' }, false, 'False'],
      [{ ...named('GhiChu'), type: 'flag' }, true, 'True'],
      [named('TrichYeuHoSo'), 'Khai sinh cho bé', 'Khai sinh cho bé'],
      [named('NgayTra'), null, ''],
      [named('NgayHenTra'), null, ''],
    ];
    for (const [field, value, text] of samples) {
      expect([field.wire, toWire(field, value)]).toEqual([field.wire, { ok: true, value: text }]);
      expect([field.wire, fromWire(field, text)]).toEqual([field.wire, { ok: true, value }]);
    }
  });

  it('T2: an unreadable moment or flag is an error and never a guess', () => {
    expect(fromWire(named('NgayTiepNhan'), '24/11/2026')).toMatchObject({ ok: false, problem: { code: 'date.format' } });
    expect(fromWire(named('NgayTiepNhan'), '20260230000000')).toMatchObject({ ok: false, problem: { code: 'date.calendar' } });
    expect(fromWire(named('NgayTiepNhan'), '')).toMatchObject({ ok: false, problem: { code: 'packet.missing' } });
    expect(fromWire(named('HoSoCoThanhPhanSoHoa'), '2')).toMatchObject({ ok: false, problem: { code: 'packet.type' } });
    expect(toWire(named('TrangThaiHoSo'), '9')).toMatchObject({ ok: false, problem: { code: 'packet.type' } });
    expect(toWire(named('MaHoSo'), null)).toMatchObject({ ok: false, problem: { code: 'packet.missing' } });
  });

  it('a text that is too long is reported; who cuts it learns what was lost', () => {
    const long = 'ệ'.repeat(1001);
    expect(toWire(named('TrichYeuHoSo'), long)).toMatchObject({ ok: false, problem: { code: 'packet.too-long' } });
    expect(toWire(named('TrichYeuHoSo'), long.slice(1))).toMatchObject({ ok: true });
    for (const [wire, most] of [
      ['NguoiXuLy', 50],
      ['TenTepDinhKem', 4000],
      ['TenGiayTo', 2000],
    ] as const) {
      expect([wire, toWire(named(wire), 'ệ'.repeat(most)).ok, toWire(named(wire), 'ệ'.repeat(most + 1)).ok]).toEqual([wire, true, false]);
    }
    expect(cutFor(named('TrichYeuHoSo'), long.normalize('NFD'))).toEqual({ text: long.slice(1), lost: 1 });
    expect(cutFor(named('NguoiXuLy'), 'Trần Văn Kiểm')).toEqual({ text: 'Trần Văn Kiểm', lost: 0 });
  });
});
