import type { Command } from 'commander';
import { clock, type House } from '../assemble.ts';
import { dossierTold, factsOf, legTold } from '../http/due.ts';
import { legsOf, lookAt, unsureUntil } from '../http/looks.ts';
import { whenEn, whenVi } from '../http/sentences.ts';
import { attemptOf, headOf, holdOf, linkOf, progressOf } from '../http/shapes.ts';
import { statusWord } from '../model/status.ts';
import type { Desk } from '../model/words.ts';
import type { Attempt, Hold, Work } from '../store/contract.ts';
import { isSheet, sheetState } from '../sync/sheet.ts';
import type { Sentence } from '../zod-sentence.ts';
import { type Asked, type Cli, does, OK, WRONG } from './asked.ts';
import { withHouse } from './room.ts';
import { plain, type Screen } from './screen.ts';

/** `why CODE`: what happened to a dossier, who acts next and when, in plain words. */
export function whyCommand(cli: Cli, program: Command): void {
  does(cli, program.command('why <code>').description('vì sao hồ sơ đang ở đây · why a dossier stands where it stands'), why);
}

async function why(asked: Asked, code = ''): Promise<number> {
  return withHouse(asked, async (house) => {
    const what = await whatOf(house, code);
    if (what === null) return whyNotTaken(asked, house, code);
    asked.screen.data(what);
    tell(asked.screen, what, { attempts: true });
    return OK;
  });
}

/** A code without a dossier: what was asked about it when it could not be taken in. */
async function whyNotTaken(asked: Asked, house: House, code: string): Promise<number> {
  const live = await house.store.read((tx) => tx.holds.live([code]));
  const holds = live.filter((hold) => hold.closedAt === null).map((hold) => holdOf(hold, false));
  if (holds.length === 0) return noSuch(asked, code);
  asked.screen.data({ code, holds });
  asked.screen.say({ vi: `Hồ sơ ${code} chưa vào được motlan.`, en: `Dossier ${code} could not be taken in yet.` });
  for (const hold of holds) tellHold(asked.screen, hold);
  return OK;
}

export function noSuch(asked: Asked, code: string): number {
  asked.screen.data({ error: 'not-found', code });
  asked.screen.say({
    vi: `Không tìm thấy hồ sơ ${code} (mã địa phương hoặc mã quốc gia).`,
    en: `There is no dossier ${code} (local or national code).`,
  });
  return WRONG;
}

/** Everything known of a dossier but personal data; null when there is none of this code. */
export async function whatOf(house: House, code: string) {
  const now = clock.now();
  const look = await house.store.read((tx) => lookAt(tx, code));
  if (look === null) return null;
  const due = await house.store.read((tx) => tx.work.ofLinks(look.links.map(({ id }) => id)));
  const facts = factsOf(look);
  return {
    ...headOf(look.dossier),
    status: look.dossier.status,
    deadline: dossierTold(house.looks, facts, now),
    legs: legsOf(house.looks, look, now).map(({ link, sentence, holds, attempt }) => ({
      ...linkOf(link),
      title: house.looks.titles.get(link.system) ?? plain(link.system),
      sentence,
      next: nextOf(holds, attempt?.attempt ?? null, due.find((work) => work.link === link.id) ?? null, now),
      unsureUntil: attempt === null ? null : new Date(unsureUntil(attempt.attempt, link, house.looks.spokes)).toISOString(),
      deadline: legTold(house.looks, facts, link, now),
      holds: holds.map((hold) => holdOf(hold, false)),
      attempts: look.attempts
        .filter((one) => one.link === link.id)
        .slice(-3)
        .map(attemptOf),
    })),
    holds: look.holds.filter((hold) => hold.link === null && hold.closedAt === null).map((hold) => holdOf(hold, false)),
    progress: look.progress.map(progressOf),
  };
}

const DESKS: Readonly<Record<Desk, Sentence>> = {
  official: { vi: 'cán bộ một cửa', en: 'the official' },
  integrator: { vi: 'bộ phận kỹ thuật', en: 'the integrator' },
  operator: { vi: 'người vận hành', en: 'the operator' },
};

/** Who acts next: a person where a hold is open, else motlan at its next visit, else the ministry. */
function nextOf(holds: readonly Hold[], attempt: Attempt | null, work: Work | null, now: number): Sentence {
  const desks = [...new Set(holds.map(({ desk }) => desk))];
  if (desks.length > 0) {
    return {
      vi: `Người xử lý tiếp: ${desks.map((desk) => DESKS[desk].vi).join(', ')}.`,
      en: `Who acts next: ${desks.map((desk) => DESKS[desk].en).join(', ')}.`,
    };
  }
  if (attempt !== null && isSheet(attempt) && sheetState(attempt) !== 'entered') {
    const vi = `Người xử lý tiếp: ${DESKS.official.vi} (phiếu nhập liệu ${attempt.id}).`;
    return { vi, en: `Who acts next: ${DESKS.official.en} (sheet ${attempt.id}).` };
  }
  if (work !== null) {
    const tries = work.failures === 0 ? '' : `, sau ${work.failures} lần chưa được`;
    const after = work.failures === 0 ? '' : `, after ${work.failures} failures`;
    return {
      vi: `motlan xem lại lúc ${whenVi(work.dueAt, now)}${tries}.`,
      en: `motlan looks again at ${whenEn(work.dueAt, now)}${after}.`,
    };
  }
  if (attempt?.state === 'parked')
    return { vi: 'Chờ người quyết định lần gửi còn dở.', en: 'A person must decide about the parked attempt.' };
  return { vi: 'Không còn việc gì đang chờ ở motlan.', en: 'Nothing waits here.' };
}

export type What = NonNullable<Awaited<ReturnType<typeof whatOf>>>;

export function tell(screen: Screen, what: What, { attempts }: { readonly attempts: boolean }): void {
  const status = statusWord(what.status);
  screen.say({
    vi: `Hồ sơ ${what.code}${what.nationalCode === null ? '' : ` (mã quốc gia ${what.nationalCode})`}: ${status.vi}.`,
    en: `Dossier ${what.code}: ${status.en}.`,
  });
  tellDeadline(screen, what.deadline, attempts);
  for (const leg of what.legs) {
    screen.say({ vi: `▸ ${leg.title.vi} (${leg.record}): ${leg.sentence.vi}`, en: `${leg.title.en} (${leg.record}): ${leg.sentence.en}` });
    screen.say({ vi: `  ${leg.next.vi}`, en: leg.next.en });
    tellDeadline(screen, leg.deadline, attempts);
    for (const hold of leg.holds) tellHold(screen, hold);
    if (attempts) for (const attempt of leg.attempts) screen.say(plain(`  · ${attemptLine(attempt)}`));
  }
  for (const hold of what.holds) tellHold(screen, hold);
  if (!attempts) return;
  for (const entry of what.progress)
    screen.say(plain(`  ${entry.at} ${entry.kind} ${entry.name} ← ${entry.evidence.kind} ${entry.evidence.ref}`));
}

/** One sentence; with `whole` every step of the reckoning. */
function tellDeadline(screen: Screen, deadline: What['deadline'], whole: boolean): void {
  for (const said of [deadline.sentence, deadline.warning]) if (said !== null) screen.say({ vi: `  ${said.vi}`, en: said.en });
  if (whole) for (const { vi, en } of deadline.explanation) screen.say({ vi: `    ${vi}`, en });
}

export function tellHold(screen: Screen, hold: What['holds'][number]): void {
  screen.say({ vi: `  ! [${hold.id}] ${hold.vi} → ${hold.remedy.vi}`, en: `${hold.en} → ${hold.remedy.en}` });
  screen.say(plain(`    ${hold.decisions.join(' | ')}`));
}

const attemptLine = (attempt: What['legs'][number]['attempts'][number]): string =>
  [
    attempt.intendedAt,
    attempt.verb,
    attempt.act ?? '',
    attempt.state,
    `×${attempt.sends}`,
    attempt.trouble === null ? '' : `${attempt.trouble.kind}/${attempt.trouble.scope} ${attempt.trouble.code}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
