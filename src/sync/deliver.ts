import { type FileSource, isTrouble, type Receipt, type TroubleDetail } from '../kit/index.ts';
import type { Attempt, Link } from '../store/contract.ts';
import type { Case, Context } from './context.ts';
import { FencedOff } from './errors.ts';
import { fileSources } from './files.ts';

export type Delivery = { readonly is: 'receipt'; readonly receipt: Receipt } | { readonly is: 'trouble'; readonly trouble: TroubleDetail };

/** What an error that is no trouble means for a write: nobody knows whether it happened. */
const UNEXPLAINED: TroubleDetail = {
  kind: 'unsure',
  scope: 'record',
  code: 'engine.interrupted',
  vi: 'Lượt gửi bị ngắt giữa chừng.',
  en: 'The sending was interrupted.',
};

/** Tries the intended effect once. Never throws for what happened outside. */
export async function deliver(context: Context, given: Case, link: Link, attempt: Attempt): Promise<Delivery> {
  const { signal } = new AbortController();
  try {
    const files = await fileSources(context, given, attempt);
    // A worker that slept past its lease may have been settled by another: it must not send behind that one's back.
    if (given.work.leaseUntil !== null && context.clock.now() >= given.work.leaseUntil) throw new FencedOff(given.link.id);
    return { is: 'receipt', receipt: await send(given, link, attempt, files, signal) };
  } catch (error) {
    if (error instanceof FencedOff) throw error;
    return { is: 'trouble', trouble: isTrouble(error) ? error.detail : UNEXPLAINED };
  }
}

async function send(given: Case, link: Link, attempt: Attempt, files: readonly FileSource[], signal: AbortSignal): Promise<Receipt> {
  const { kind } = given;
  const { record } = attempt.sent;
  const id = link.externalId ?? link.key;
  const put = async (when: 'before' | 'after', target: string): Promise<void> => {
    if (kind.putFile?.when !== when) return;
    for (const file of files) await kind.putFile.run({ id: target, key: link.key, file }, { signal });
  };
  const inside = kind.putFile === undefined || kind.putFile.when === 'inside' ? files : [];
  await put('before', id);
  const receipt = await sendOne();
  if (receipt.is === 'done') await put('after', receipt.id);
  return receipt;

  async function sendOne(): Promise<Receipt> {
    if (attempt.verb === 'create' && kind.create !== undefined)
      return kind.create.run({ key: link.key, record, files: inside }, { signal });
    if (attempt.verb === 'update' && kind.update !== undefined)
      return kind.update.run({ id, key: link.key, version: attempt.againstVersion, record, files: inside }, { signal });
    const act = kind.acts?.[attempt.act ?? ''];
    if (attempt.verb === 'act' && act !== undefined)
      return act.run({ id, key: link.code, actKey: `${link.id}#${attempt.act}#${attempt.actSeq}`, record, files: inside }, { signal });
    throw new Error(`this system has no verb for ${attempt.verb}`);
  }
}
