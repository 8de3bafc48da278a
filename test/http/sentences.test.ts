import { describe, expect, it } from 'vitest';
import { type LegLook, legSentence } from '../../src/http/sentences.ts';
import type { Attempt } from '../../src/store/contract.ts';
import { holdOn, linkTo } from './given.ts';

/** 24/11/2026 08:07 in Vietnam. */
const NOW = Date.parse('2026-11-24T08:07:00+07:00');
const title = { vi: 'phần mềm hộ tịch', en: 'the civil-status system' };
const link = { ...linkTo('H12.15-261124-0001'), since: NOW };
const look = (more: Partial<LegLook>): LegLook => ({ link, holds: [], attempt: null, title, missing: [], giver: null, ...more });
const attempt = (more: Partial<Attempt>): Attempt => ({
  id: 'a',
  link: link.id,
  code: link.code,
  verb: 'create',
  act: null,
  actSeq: null,
  state: 'open',
  sent: { lines: new Map(), record: {} },
  hubVersion: 1,
  againstVersion: null,
  mappingVersion: 'm',
  intendedAt: NOW,
  sentAt: NOW,
  sends: 1,
  ticket: null,
  trouble: null,
  endedAt: null,
  ...more,
});
const vi = (more: Partial<LegLook>): string => legSentence(look(more), NOW).vi;

describe('the sentence of a leg', () => {
  it('says when it was sent and whom it waits for', () => {
    expect(vi({ link: { ...link, situation: 'linked', phase: 'sent', trust: 'verified' } })).toBe(
      'Đã gửi sang phần mềm hộ tịch lúc 08:07, đang chờ tiếp nhận.',
    );
    expect(vi({ link: { ...link, situation: 'linked', phase: 'sent', since: NOW - 86_400_000 } })).toContain('08:07 ngày 23/11/2026');
  });

  it('forbids typing by hand while an answer may still land, above everything else', () => {
    const unsure = { attempt: attempt({ trouble: { kind: 'unsure', scope: 'record', code: 'http.cut' } }), unsureUntil: NOW + 13 * 60_000 };
    const sentence = vi({ link: { ...link, situation: 'unknown' }, attempt: unsure, holds: [holdOn(link.code, 'h')] });
    expect(sentence).toBe('Chưa rõ đã gửi thành công hay chưa; đang kiểm tra đến 08:20, vui lòng không nhập tay.');
  });

  it('counts what is missing while the citizen is still there', () => {
    const holds = ['a', 'b'].map((id) => holdOn(link.code, id, { kind: 'invalid' }));
    expect(vi({ holds })).toBe('Còn thiếu hoặc sai 2 thông tin; đề nghị bổ sung khi công dân còn tại quầy.');
  });

  it('gives the hold its own words, and the number of the others', () => {
    const one = holdOn(link.code, 'a');
    expect(vi({ holds: [one] })).toBe(one.vi);
    expect(vi({ holds: [one, holdOn(link.code, 'b', { kind: 'setup' })] })).toContain('và 1 việc khác');
  });

  it('promises to send by itself when the system is down', () => {
    const down = { attempt: attempt({ sends: 0, trouble: { kind: 'unavailable', scope: 'system', code: 'http.503' } }), unsureUntil: NOW };
    expect(vi({ link: { ...link, situation: 'intended' }, attempt: down })).toBe(
      'Phần mềm hộ tịch đang gián đoạn; hồ sơ đã lưu, sẽ tự động gửi.',
    );
  });

  it('says what an earlier step still owes, and why a leg is not possible', () => {
    expect(vi({ missing: ['results.civil-status.personalId'] })).toContain('đang chờ 1 kết quả');
    const giver = { vi: 'phần mềm hộ tịch', en: 'the civil-status system' };
    const police = { vi: 'phần mềm cư trú', en: 'the residence software' };
    expect(vi({ title: police, giver, missing: ['results.civil-status.personalId'] })).toBe(
      'Chưa gửi sang phần mềm cư trú: đang chờ kết quả của phần mềm hộ tịch.',
    );
    expect(vi({ title: police, giver, link: { ...link, impossible: 'source:results.civil-status.personalId' } })).toBe(
      'Không thực hiện được ở phần mềm cư trú: phần mềm hộ tịch đã kết thúc mà không có kết quả nhánh này cần.',
    );
    expect(vi({ link: { ...link, impossible: 'status:7' } })).toBe(
      'Không thực hiện được ở phần mềm hộ tịch: hồ sơ đã kết thúc ở một cửa (công dân yêu cầu rút hồ sơ) trước khi nhánh này bắt đầu.',
    );
    expect(vi({ link: { ...link, impossible: 'source:results.nobody.number' } })).toContain('Không thực hiện được');
  });

  it('never says equal of what cannot be read back', () => {
    expect(vi({ link: { ...link, situation: 'linked', phase: 'accepted', trust: 'declared' } })).toContain('chưa đọc lại được');
  });

  it('stands in both languages for every situation and phase', async () => {
    const { SITUATIONS, PHASES } = await import('../../src/model/words.ts');
    for (const situation of SITUATIONS) {
      for (const phase of [null, ...PHASES]) {
        const sentence = legSentence(look({ link: { ...link, situation, phase } }), NOW);
        expect(sentence.vi).not.toBe('');
        expect(sentence.en).not.toBe('');
        expect(sentence.vi).not.toBe(sentence.en);
      }
    }
  });
});

describe('a leg typed by hand', () => {
  const sheet = (more: Partial<Attempt>): string =>
    vi({ link: { ...link, situation: 'unknown' }, attempt: { attempt: attempt({ verb: 'by-hand', ...more }), unsureUntil: NOW } });

  it('says on whose desk its sheet lies', () => {
    expect(sheet({ sends: 0 })).toBe('Phiếu nhập liệu cho phần mềm hộ tịch đã sẵn sàng; đang ở bàn cán bộ một cửa, chờ mở để nhập.');
    expect(sheet({ sends: 1, act: 'supplement' })).toBe(
      'Phiếu bổ sung cho phần mềm hộ tịch đã mở lúc 08:07, chưa ghi lại kết quả nhập; đang ở bàn cán bộ một cửa.',
    );
  });

  it('says that it was entered and is not visible there yet', () => {
    expect(sheet({ ticket: 'typed' })).toBe(
      'Cán bộ đã nhập ở phần mềm hộ tịch lúc 08:07, chưa thấy ở bên đó; motlan đang tự xem lại, cán bộ chưa cần làm gì.',
    );
  });

  it('never says that a program sent it, and tells what is only declared', () => {
    const typed = { ...link, situation: 'linked', phase: 'sent', trust: 'declared', externalId: 'R-1', key: 'R-1' } as const;
    expect(vi({ link: typed })).toBe('Đã nhập tay ở phần mềm hộ tịch, đang chờ tiếp nhận. Nội dung chưa đọc lại được để đối chiếu.');
  });
});
