import { type Heard, isTrouble, type Touch, type TroubleDetail } from '../kit/index.ts';
import type { Tx } from '../store/contract.ts';
import type { Context } from './context.ts';
import type { HeardAnswer, Spoke } from './contract.ts';
import { NotPossible } from './errors.ts';
import { attemptLook } from './observe.ts';
import { askAboutRows } from './refusals.ts';
import { askAboutStranger } from './strangers.ts';
import { wakeTouched } from './touched.ts';
import { welcome } from './welcome.ts';

const NEVER = new AbortController().signal;

/** A callback: its proof is the adapter's to check, its nonce is taken once, its touches wake links or begin dossiers. */
export async function hear(context: Context, system: string, kind: string, request: Heard): Promise<HeardAnswer> {
  const spoke = spokeOf(context, system);
  const verb = spoke.kinds[kind]?.hear;
  if (verb === undefined) throw new NotPossible('callback.none', 'Hệ thống này không gửi thông báo.', 'This system sends no callbacks.');
  const { touches, nonce } = await verb.run(request, { signal: NEVER });
  const strangers = await context.store.read((tx) => unknownOf(tx, system, touches));
  // What begins a dossier is durable before the message counts as taken: a fall in between leaves it to be sent again.
  let unknown = 0;
  for (const touch of strangers) {
    const answer = await welcome(context, spoke, touch, true);
    // What nobody can read again and no dossier can keep is not acknowledged either.
    if (answer === 'unread' || (answer === 'stranger' && isStatement(spoke, touch))) unknown += 1;
  }
  const isNew = await context.store.write(async (tx) => {
    const isFirst = unknown > 0 || (await tx.inbox.take({ id: context.chance.id(), system, nonce, receivedAt: request.receivedAt }));
    if (isFirst) await wakeTouched(tx, context, system, touches, 1);
    return isFirst;
  });
  return isNew ? { touches: touches.length, replayed: false, unknown } : { touches: 0, replayed: true, unknown: 0 };
}

/** Reads `changes` once from the kept cursor; the cursor moves only after everything it passed is durable. */
export async function pollChanges(context: Context, system: string): Promise<boolean> {
  const spoke = spokeOf(context, system);
  let more = false;
  for (const [name, kind] of Object.entries(spoke.kinds)) {
    const { changes } = kind;
    if (changes === undefined) continue;
    const cursor = await context.store.read((tx) => tx.cursors.load(system, `changes:${name}`));
    const answer = await attemptLook((signal) => changes.run(cursor, { signal }));
    if ('trouble' in answer) {
      tellTrouble(context, system, answer.trouble);
      continue;
    }
    const page = answer.value;
    const strangers = await context.store.read((tx) => unknownOf(tx, system, page.touches));
    let isWelcomed = true;
    for (const touch of strangers) {
      const answer = await welcome(context, spoke, touch, false);
      if (answer === 'unread') isWelcomed = false;
      else if (answer === 'stranger' && isStatement(spoke, touch)) await askAboutStranger(context, system, touch);
    }
    if (!isWelcomed) continue; // the cursor stays before what could not be taken in
    if (page.refused !== undefined) await askAboutRows(context, system, page.refused);
    try {
      await context.store.write(async (tx) => {
        await wakeTouched(tx, context, system, page.touches, 2);
        if (page.cursor !== cursor) await tx.cursors.save(system, `changes:${name}`, page.cursor);
      });
    } catch (error) {
      if (!isTrouble(error)) throw error;
      tellTrouble(context, system, error.detail); // a record has too much waiting: the page is read again
      continue;
    }
    more ||= page.more;
  }
  return more;
}

/** Nobody can read the record: what the touch says of it is all there is. */
const isStatement = (spoke: Spoke, touch: Touch): boolean => touch.sighting !== null && spoke.kinds[touch.kind]?.read === undefined;

const tellTrouble = (context: Context, system: string, { kind, code }: TroubleDetail): void =>
  context.tell({ event: 'trouble', at: context.clock.now(), code: null, link: null, detail: { system, kind, code } });

async function unknownOf(tx: Tx, system: string, touches: readonly Touch[]): Promise<readonly Touch[]> {
  const unknown: Touch[] = [];
  for (const touch of touches) {
    const byId = touch.id === null ? [] : await tx.links.byExternalId(system, touch.kind, [touch.id]);
    const byKey = touch.key === null || byId.length > 0 ? [] : await tx.links.byKey(system, touch.kind, [touch.key]);
    if (byId.length + byKey.length === 0) unknown.push(touch);
  }
  return unknown;
}

function spokeOf(context: Context, system: string): Spoke {
  const spoke = context.spokes.get(system);
  if (spoke === undefined) throw new NotPossible('system.unknown', 'Không có hệ thống này.', 'There is no such system.');
  return spoke;
}
