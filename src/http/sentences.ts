import type { At } from '../model/json.ts';
import { nationalStatus, statusWord } from '../model/status.ts';
import type { Phase } from '../model/words.ts';
import type { Attempt, Hold, Link } from '../store/contract.ts';
import { sheetState } from '../sync/sheet.ts';
import type { Sentence } from '../zod-sentence.ts';

/** Where a leg stands, as the official reads it at the counter: one sentence, derived and never stored. */

export interface LegLook {
  readonly link: Link;
  /** Open holds of this leg. */
  readonly holds: readonly Hold[];
  /** The attempt that is not settled yet, with the time until which its answer may still land. */
  readonly attempt: { readonly attempt: Attempt; readonly unsureUntil: At } | null;
  readonly title: Sentence;
  /** Hub paths this leg still waits for. */
  readonly missing: readonly string[];
  /** What people call the system that gives, or was to give, the first of them; null where it is not known. */
  readonly giver: Sentence | null;
  /** The authorities exchange its record themselves: nothing is sent, nobody types it. */
  readonly isOnlyLookedUp?: boolean;
}

const TIME = new Intl.DateTimeFormat('vi-VN', { timeZone: 'Asia/Ho_Chi_Minh', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const DAY = new Intl.DateTimeFormat('vi-VN', { timeZone: 'Asia/Ho_Chi_Minh', day: '2-digit', month: '2-digit', year: 'numeric' });

/** `08:07` today, `08:07 ngày 24/11/2026` on another day; Vietnamese time. */
export function whenVi(at: At, now: At): string {
  return DAY.format(at) === DAY.format(now) ? TIME.format(at) : `${TIME.format(at)} ngày ${DAY.format(at)}`;
}
/** The same in English. */
export function whenEn(at: At, now: At): string {
  return DAY.format(at) === DAY.format(now) ? TIME.format(at) : `${TIME.format(at)} on ${DAY.format(at)}`;
}

export function legSentence(look: LegLook, now: At): Sentence {
  const { link, holds } = look;
  if (link.impossible !== null) {
    const why = whyImpossible(link.impossible, look);
    return {
      vi: `Không thực hiện được ở ${look.title.vi}: ${why.vi}`,
      en: `Not possible at ${look.title.en}: ${why.en}`,
    };
  }
  return unsureSentence(look, now) ?? holdSentence(holds) ?? sheetSentence(look, now) ?? handSentence(look) ?? placeSentence(look, now);
}

/** `source:<hub path>`: an earlier leg ended without it. `status:<n>`: the one-stop ended the dossier before this leg began. */
function whyImpossible(reason: string, { giver }: LegLook): Sentence {
  if (reason.startsWith('source:') && giver !== null) {
    return { vi: `${giver.vi} đã kết thúc mà không có kết quả nhánh này cần.`, en: `${giver.en} ended without the result this leg needs.` };
  }
  const status = /^status:(\d+)$/.exec(reason)?.[1];
  const word = status === undefined ? null : nationalStatus(status);
  if (word === null)
    return { vi: `thiếu kết quả của một nhánh trước (${reason}).`, en: `the result of an earlier leg is missing (${reason}).` };
  return {
    vi: `hồ sơ đã kết thúc ở một cửa (${statusWord(word).vi.toLocaleLowerCase('vi')}) trước khi nhánh này bắt đầu.`,
    en: `the one-stop ended the dossier (${statusWord(word).en.toLowerCase()}) before this leg began.`,
  };
}

/** An answer that may still land comes first: whoever types by hand now would make a twin. */
function unsureSentence({ link, attempt }: LegLook, now: At): Sentence | null {
  const unsure = link.situation === 'unknown' || (attempt !== null && attempt.attempt.trouble !== null && attempt.attempt.sends > 0);
  if (!unsure || attempt === null || attempt.attempt.state !== 'open' || attempt.unsureUntil <= now) return null;
  return {
    vi: `Chưa rõ đã gửi thành công hay chưa; đang kiểm tra đến ${whenVi(attempt.unsureUntil, now)}, vui lòng không nhập tay.`,
    en: `Not yet known whether it arrived; checking until ${whenEn(attempt.unsureUntil, now)}, please do not type it by hand.`,
  };
}

function holdSentence(holds: readonly Hold[]): Sentence | null {
  const [first, ...others] = holds;
  if (first === undefined) return null;
  const missing = holds.filter((hold) => hold.kind === 'invalid').length;
  if (missing === holds.length && missing > 1) {
    return {
      vi: `Còn thiếu hoặc sai ${missing} thông tin; đề nghị bổ sung khi công dân còn tại quầy.`,
      en: `${missing} items are missing or wrong; please complete them while the citizen is still here.`,
    };
  }
  if (others.length === 0) return { vi: first.vi, en: first.en };
  return { vi: `${first.vi} (và ${others.length} việc khác cần xử lý)`, en: `${first.en} (and ${others.length} more to decide)` };
}

/** A sheet lies on the official's desk; only what was typed and is not seen yet is with motlan. */
function sheetSentence({ attempt, title }: LegLook, now: At): Sentence | null {
  if (attempt?.attempt.verb !== 'by-hand') return null;
  const [vi, en] = [whenVi(attempt.attempt.sentAt, now), whenEn(attempt.attempt.sentAt, now)];
  const what =
    attempt.attempt.act === null ? { vi: 'Phiếu nhập liệu', en: 'The sheet' } : { vi: 'Phiếu bổ sung', en: 'The supplement sheet' };
  switch (sheetState(attempt.attempt)) {
    case 'opened':
      return {
        vi: `${what.vi} cho ${title.vi} đã mở lúc ${vi}, chưa ghi lại kết quả nhập; đang ở bàn cán bộ một cửa.`,
        en: `${what.en} for ${title.en} was opened at ${en} and is not closed; it lies on the official's desk.`,
      };
    case 'entered':
      return {
        vi: `Cán bộ đã nhập ở ${title.vi} lúc ${vi}, chưa thấy ở bên đó; motlan đang tự xem lại, cán bộ chưa cần làm gì.`,
        en: `Typed at ${title.en} at ${en}, not visible there yet; motlan looks again by itself.`,
      };
    default:
      return {
        vi: `${what.vi} cho ${title.vi} đã sẵn sàng; đang ở bàn cán bộ một cửa, chờ mở để nhập.`,
        en: `${what.en} for ${title.en} is ready; it lies on the official's desk to be opened and typed.`,
      };
  }
}

function handSentence({ link, title }: LegLook): Sentence | null {
  if (link.hand !== 'by-hand' || link.situation === 'linked' || link.situation === 'ended') return null;
  return {
    vi: `Cán bộ tự nhập tay ở ${title.vi}; hồ sơ không được gửi tự động.`,
    en: `Typed by hand at ${title.en}; nothing is sent automatically.`,
  };
}

function placeSentence(look: LegLook, now: At): Sentence {
  const { link, title } = look;
  switch (link.situation) {
    case 'waiting':
      return waitingSentence(look);
    case 'intended':
      return sendingSentence(look);
    case 'unknown':
      return {
        vi: `Chưa rõ ${title.vi} đã nhận hay chưa; đang tìm lại, vui lòng không nhập tay.`,
        en: `Not known whether ${title.en} has it; looking again, please do not type it by hand.`,
      };
    case 'disputed':
      return {
        vi: `Có nhiều bản ghi ở ${title.vi} cùng ứng với hồ sơ này; cần chọn đúng bản ghi.`,
        en: `Several records at ${title.en} answer to this dossier; the right one must be chosen.`,
      };
    case 'ended':
      return endedSentence(link.phase, title);
    case 'linked':
      return linkedSentence(look, now);
  }
}

function waitingSentence(look: LegLook): Sentence {
  const { title, missing, giver, attempt } = look;
  if (look.isOnlyLookedUp === true) return lookedForSentence(look);
  if (attempt?.attempt.trouble?.kind === 'unavailable') return downSentence(title);
  if (missing.length > 0 && giver !== null) {
    return {
      vi: `Chưa gửi sang ${title.vi}: đang chờ kết quả của ${giver.vi}.`,
      en: `Not yet sent to ${title.en}: waiting for the result of ${giver.en}.`,
    };
  }
  if (missing.length > 0) {
    return {
      vi: `Chưa gửi sang ${title.vi}: đang chờ ${missing.length} kết quả từ bước trước.`,
      en: `Not yet sent to ${title.en}: waiting for ${missing.length} results of an earlier step.`,
    };
  }
  return { vi: `Chờ gửi sang ${title.vi}.`, en: `Waiting to be sent to ${title.en}.` };
}

function lookedForSentence({ title, missing, giver }: LegLook): Sentence {
  if (missing.length === 0)
    return {
      vi: `Đang chờ ${title.vi} thấy mã số; các cơ quan tự trao đổi, không ai phải nhập.`,
      en: `Waiting until ${title.en} shows the code; the authorities exchange it themselves, nobody types it.`,
    };
  return giver === null
    ? { vi: `Chưa tra cứu ở ${title.vi}: đang chờ bước trước.`, en: `Not looked up at ${title.en} yet: waiting for an earlier step.` }
    : {
        vi: `Chưa tra cứu ở ${title.vi}: đang chờ kết quả của ${giver.vi}.`,
        en: `Not looked up at ${title.en} yet: waiting for the result of ${giver.en}.`,
      };
}

function sendingSentence({ title, attempt }: LegLook): Sentence {
  return attempt?.attempt.trouble?.kind === 'unavailable'
    ? downSentence(title)
    : { vi: `Đang gửi sang ${title.vi}.`, en: `Being sent to ${title.en}.` };
}

const downSentence = (title: Sentence): Sentence => ({
  vi: `${capital(title.vi)} đang gián đoạn; hồ sơ đã lưu, sẽ tự động gửi.`,
  en: `${capital(title.en)} is down; the dossier is kept and will be sent by itself.`,
});

const capital = (text: string): string => text.charAt(0).toLocaleUpperCase('vi') + text.slice(1);

function linkedSentence({ link, title, attempt }: LegLook, now: At): Sentence {
  if (attempt?.attempt.trouble?.kind === 'unavailable') {
    return {
      vi: `${capital(title.vi)} đang gián đoạn; thay đổi đã lưu, sẽ tự động gửi.`,
      en: `${capital(title.en)} is down; the change is kept and will be sent by itself.`,
    };
  }
  const isTyped = link.externalId !== null && link.key === link.externalId && link.key !== link.code;
  const phase =
    isTyped && (link.phase ?? 'sent') === 'sent'
      ? { vi: `Đã nhập tay ở ${title.vi}, đang chờ tiếp nhận.`, en: `Typed by hand at ${title.en}, waiting to be accepted.` }
      : PHASE_SENTENCES[link.phase ?? 'sent'](title, whenVi(link.since, now), whenEn(link.since, now));
  if (link.trust !== 'declared') return phase;
  return { vi: `${phase.vi} Nội dung chưa đọc lại được để đối chiếu.`, en: `${phase.en} What it holds cannot be read back to compare.` };
}

const PHASE_SENTENCES: Readonly<Record<Phase, (title: Sentence, vi: string, en: string) => Sentence>> = {
  sent: (title, vi, en) => ({
    vi: `Đã gửi sang ${title.vi} lúc ${vi}, đang chờ tiếp nhận.`,
    en: `Sent to ${title.en} at ${en}, waiting to be accepted.`,
  }),
  accepted: (title) => ({
    vi: `${capital(title.vi)} đã tiếp nhận, đang chờ phân công xử lý.`,
    en: `Accepted at ${title.en}, waiting to be assigned.`,
  }),
  assigned: (title) => ({ vi: `${capital(title.vi)} đang xử lý hồ sơ.`, en: `Being worked on at ${title.en}.` }),
  supplement: (title) => ({
    vi: `${capital(title.vi)} yêu cầu bổ sung; đề nghị liên hệ công dân và bổ sung ở hệ thống một cửa.`,
    en: `${capital(title.en)} asks for a supplement; please contact the citizen and complete it in the one-stop system.`,
  }),
  payment: (title) => ({
    vi: `${capital(title.vi)} đang chờ công dân thực hiện nghĩa vụ tài chính.`,
    en: `${capital(title.en)} waits for the citizen's payment.`,
  }),
  issued: (title) => ({ vi: `Đã có kết quả từ ${title.vi}.`, en: `The result of ${title.en} is here.` }),
  'handed-over': (title) => ({ vi: `Đã trả kết quả của ${title.vi} cho công dân.`, en: `The result of ${title.en} was handed over.` }),
  refused: (title) => ({
    vi: `${capital(title.vi)} đã từ chối hồ sơ; đề nghị xem lý do và trả lời công dân.`,
    en: `${capital(title.en)} refused the dossier; please see the reason and answer the citizen.`,
  }),
  withdrawn: (title) => ({ vi: `Hồ sơ đã được rút ở ${title.vi}.`, en: `The dossier was withdrawn at ${title.en}.` }),
  stopped: (title) => ({ vi: `${capital(title.vi)} đã dừng xử lý hồ sơ.`, en: `${capital(title.en)} stopped the dossier.` }),
};

function endedSentence(phase: Phase | null, title: Sentence): Sentence {
  if (phase !== null) return PHASE_SENTENCES[phase](title, '', '');
  return { vi: `Đã kết thúc ở ${title.vi}.`, en: `Ended at ${title.en}.` };
}
