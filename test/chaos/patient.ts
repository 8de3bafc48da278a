import { setTimeout as wait } from 'node:timers/promises';
import { type DemoApi, openApi } from '../../src/demo/api.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Motlan } from './motlan.ts';

/**
 * How people speak to a motlan that dies under them: what got no answer is asked again. Where the first asking was heard after
 * all, the second is refused as too late (409); who asked twice takes that for done, and the count at the end shows if it was not.
 */

const AGAIN_MS = 150;

export interface Patient extends DemoApi {
  /** Pushed until it is acknowledged with 202; false when motlan refuses it. */
  push(document: JsonObject): Promise<boolean>;
}

export function openPatient({ url, token }: Motlan, signal: AbortSignal): Patient {
  const api = openApi(url, token);
  const untilAnswered = async <T>(ask: (isAgain: boolean) => Promise<T>): Promise<T> => {
    for (let isAgain = false; ; isAgain = true) {
      try {
        return await ask(isAgain);
      } catch (error) {
        // `fetch` throws TypeError when nobody answers, or the answer breaks off; 503 says that motlan is closing.
        if (signal.aborted || !(error instanceof TypeError || error instanceof SyntaxError || /answered 50[03] /.test(String(error))))
          throw error;
        await wait(AGAIN_MS);
      }
    }
  };
  return {
    dossier: (code) => untilAnswered(() => api.dossier(code)),
    refusal: (document) => untilAnswered(() => api.refusal(document)),
    sheets: (code) => untilAnswered(() => api.sheets(code)),
    openSheet: (id, revision, again) => untilAnswered(() => api.openSheet(id, revision, again)),
    decide: (hold, decision, value) => untilAnswered(async (isAgain) => (await api.decide(hold, decision, value)) || isAgain),
    numberBack: (id, back) =>
      untilAnswered((isAgain) =>
        api.numberBack(id, back).catch((error: unknown) => {
          if (!isAgain || !/answered 409 /.test(String(error))) throw error;
        }),
      ),
    push: (document) =>
      untilAnswered(async () => {
        const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
        const answer = await fetch(`${url}/api/v1/dossiers`, { method: 'POST', headers, body: JSON.stringify(document) });
        if (answer.status >= 500 || answer.status === 429) throw new TypeError(`answered ${answer.status}`);
        return answer.status === 202;
      }),
  };
}
