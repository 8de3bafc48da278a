import { z } from 'zod';
import { dossierShape } from '../http/shapes.ts';
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

export interface DemoApi {
  /** null when motlan does not know the dossier (yet). */
  dossier(code: string): Promise<SeenDossier | null>;
  /** What motlan would refuse of this document; null = nothing. */
  refusal(document: JsonObject): Promise<SeenProblem | null>;
  /** false when the hold takes no such answer any more. */
  decide(hold: string, decision: string, value: string | null): Promise<boolean>;
}

export function openApi(url: string, token: string): DemoApi {
  const call = (path: string, body?: JsonObject) =>
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
  };
}

async function must(answer: Response): Promise<unknown> {
  if (answer.ok) return answer.json();
  throw new Error(`the API answered ${answer.status} at ${new URL(answer.url).pathname}`);
}
