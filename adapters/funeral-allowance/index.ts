import { type Call, defineAdapter, isTrouble, openHttp, type ProbeHop, type RecordKind, readAnswers } from '../../src/kit/index.ts';
import { changes, create, step } from './calls.ts';
import { type Config, config } from './config.ts';
import { type Endpoint, KIND } from './wire.ts';

/** Funeral allowance (hỗ trợ mai táng phí) at the social-protection software. Built from code of one province, not from a specification. */
export default defineAdapter<Config>({
  name: 'funeral-allowance',
  title: { vi: 'Phần mềm bảo trợ xã hội (mai táng phí)', en: 'Social-protection software (funeral allowance)' },
  evidence: 'SOURCED',
  config,
  open: async (settings, ports) => {
    const http = openHttp({
      system: 'funeral-allowance',
      baseUrl: settings.baseUrl,
      ports,
      answers: readAnswers(ports.data.answers()),
      limits: settings.limits,
      timeoutMs: settings.timeoutMs,
      mostAnswerBytes: settings.mostAnswerBytes,
      retryReads: settings.retryReads,
    });
    const endpoint: Endpoint = { schema: ports.data.recordSchema(KIND), config: settings, http };
    /** There is no read by code, no search, no update and no withdrawal that is known: those verbs are not here. */
    const allowance: RecordKind = {
      name: KIND,
      schema: endpoint.schema,
      normalises: {},
      readLagMs: 0,
      ordered: false,
      changes: changes(endpoint, ports.clock),
      create: create(endpoint),
      acts: { step: step(endpoint) },
    };
    return {
      limits: settings.limits,
      kinds: { [KIND]: allowance },
      probe: (call) => probe(allowance, call),
      close: http.close,
    };
  },
});

/** One pull of the present window: reachable, key accepted, answer readable. Nothing is written. */
async function probe(allowance: RecordKind, call: Call): Promise<readonly ProbeHop[]> {
  try {
    await allowance.changes?.run(null, call);
    return [{ hop: 'pull', ok: true, vi: 'Phần mềm bảo trợ xã hội trả lời đúng cấu trúc.', en: 'The social-protection software answers.' }];
  } catch (error) {
    if (!isTrouble(error)) throw error;
    const { kind, vi, en } = error.detail;
    return [{ hop: kind === 'setup' ? 'accept-key' : 'pull', ok: false, vi, en }];
  }
}
