import { describe, expect, it } from 'vitest';
import { type LegLook, legSentence } from '../../src/http/sentences.ts';
import type { Attempt } from '../../src/store/contract.ts';
import { holdOn, linkTo } from './given.ts';

/** 24/11/2026 08:07 in Vietnam. */
const NOW = Date.parse('2026-11-24T08:07:00+07:00');
const title = { vi: 'phần mềm hộ tịch', en: 'the civil-status system' };
const link = { ...linkTo('H12.15-261124-0001'), since: NOW };
const look = (more: Partial<LegLook>): LegLook => ({ link, holds: [], attempt: null, title, missing: [], ...more });
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
    expect(vi({ link: { ...link, impossible: 'cơ quan hộ tịch đã từ chối' } })).toContain('Không thực hiện được');
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
