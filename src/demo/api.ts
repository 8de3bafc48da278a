import { z } from 'zod';
import { dossierShape } from '../http/shapes.ts';
import { sheetShape, waitingShape } from '../http/sheet-shapes.ts';
import type { JsonObject } from '../model/json.ts';

/** The demo speaks to motlan the way an official's software does: over its API, with a token. */

export type SeenDossier = z.infer<typeof dossierShape>;

const problemShape = z.object({
  code: z.string(),
  vi: z.string(),
  en: z.string(),
  issues: z.array(z.object({ path: z.string(), vi: z.string(), en: z.string() })),
});
export type SeenProblem = z.infer<typeof problemShape>;

export type SeenSheet = z.infer<typeof waitingShape>;
export type ShownSheet = z.infer<typeof sheetShape>;
const pageShape = z.object({ sheets: z.array(waitingShape) });

export interface NumberBack {
  readonly revision: number;
  /** null for a supplement. */
  readonly number: string | null;
  readonly typed: readonly string[];
}

export interface DemoApi {
  /** null when motlan does not know the dossier (yet). */
  dossier(code: string): Promise<SeenDossier | null>;
  /** What motlan would refuse of this document; null = nothing. */
  refusal(document: JsonObject): Promise<SeenProblem | null>;
  /** false when the hold takes no such answer any more. */
  decide(hold: string, decision: string, value: string | null): Promise<boolean>;
  /** Sheets of a dossier that wait for a person. */
  sheets(code: string): Promise<readonly SeenSheet[]>;
  /** null when it is not there to be opened any more. */
  openSheet(id: string, revision: number, again: boolean): Promise<ShownSheet | null>;
  /** The number the ministry gave, and the asked fields that were filled in. */
  numberBack(id: string, back: NumberBack): Promise<void>;
}

export function openApi(url: string, token: string): DemoApi {
  const call = (path: string, body?: object) =>
    fetch(`${url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
  return {
    async dossier(code) {
      const answer = await call(`/dossiers/${encodeURIComponent(code)}`);
      if (answer.status === 404) return null;
      return dossierShape.parse(await must(answer));
    },
    async refusal(document) {
      const answer = await call('/dossiers/check', document);
      if (answer.ok) return null;
      if (answer.status === 422 || answer.status === 400) return problemShape.parse(await answer.json());
      await must(answer);
      return null;
    },
    async decide(hold, decision, value) {
      const answer = await call(`/holds/${encodeURIComponent(hold)}/decision`, { decision, value });
      if (answer.status === 409) return false;
      await must(answer);
      return true;
    },
    async sheets(code) {
      return pageShape.parse(await must(await call(`/sheets?code=${encodeURIComponent(code)}`))).sheets;
    },
    async openSheet(id, revision, again) {
      const answer = await call(`/sheets/${encodeURIComponent(id)}/open`, { purpose: 'type-in', revision, again });
      return answer.status === 409 ? null : sheetShape.parse(await must(answer));
    },
    async numberBack(id, back) {
      await must(await call(`/sheets/${encodeURIComponent(id)}/number`, back));
    },
  };
}

async function must(answer: Response): Promise<unknown> {
  if (answer.ok) return answer.json();
  const said = problemShape.partial().safeParse(await answer.json().catch(() => ({})));
  throw new Error(`the API answered ${answer.status} ${said.data?.code ?? ''} at ${new URL(answer.url).pathname}: ${said.data?.en ?? ''}`);
}
