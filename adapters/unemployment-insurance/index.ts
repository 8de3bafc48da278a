import { type Call, defineAdapter, type HttpClient, isTrouble, openHttp, type ProbeHop, readAnswers } from '../../src/kit/index.ts';
import { type Config, config } from './config.ts';

/**
 * Unemployment insurance (BHTN), the job-service centre. No interface is known: officials retype its two screens (SOURCED
 * BHTN-FORM), so the kinds have no verbs, and what is typed there is declared, never verified.
 */
export default defineAdapter<Config>({
  name: 'unemployment-insurance',
  title: { vi: 'Bảo hiểm thất nghiệp (trung tâm dịch vụ việc làm)', en: 'Unemployment insurance (job-service centre)' },
  evidence: 'SOURCED',
  config,
  open: async ({ baseUrl, timeoutMs }, ports) => {
    const limits = { concurrent: 1, perSecond: 1, perDay: null };
    const answers = readAnswers(ports.data.answers());
    const page =
      baseUrl === null ? null : openHttp({ system: 'unemployment-insurance', baseUrl, ports, answers, limits, timeoutMs, retryReads: 0 });
    const kinds = ports.data.recordKinds().map((name) => {
      const schema = ports.data.recordSchema(name);
      return [name, { name, schema, normalises: {}, readLagMs: 0, ordered: false }] as const;
    });
    return {
      kinds: Object.fromEntries(kinds),
      probe: (call) => (page === null ? Promise.resolve([BY_HAND]) : probe(page, call)),
      close: async () => page?.close(),
    };
  },
});

const BY_HAND: ProbeHop = {
  hop: 'by-hand',
  ok: true,
  vi: 'Chưa biết kết nối máy nào: cán bộ nhập theo phiếu, hệ thống không gọi ra ngoài.',
  en: 'No interface is known: officials type from a sheet, nothing is called.',
};

/** Whether the page opens that officials type into. Nothing is typed. */
async function probe(page: HttpClient, call: Call): Promise<readonly ProbeHop[]> {
  try {
    await page.ask({ operation: 'page', effect: 'read', method: 'GET', path: '/', signal: call.signal });
    return [{ hop: 'page', ok: true, vi: 'Trang nhập liệu của trung tâm mở được.', en: 'The page of the centre opens.' }];
  } catch (error) {
    if (!isTrouble(error)) throw error;
    const { vi, en } = error.detail;
    return [{ hop: 'page', ok: false, vi, en }];
  }
}
