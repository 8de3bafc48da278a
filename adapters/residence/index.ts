import { z } from 'zod';
import { type Call, defineAdapter, type HttpClient, isTrouble, openHttp, type ProbeHop, readAnswers } from '../../src/kit/index.ts';

/** Times in milliseconds. */
const config = z.strictObject({
  /** The page of the residence software that officials open, for the sheet and the probe. null: no page is known. */
  baseUrl: z.url().nullable().default(null),
  timeoutMs: z.int().min(100).max(600_000).default(20_000),
});

/**
 * Residence (cư trú) of Bộ Công an. No way in for a program and no way to read back is known: the kinds have no verbs, so
 * what is typed there is declared by who typed it, never verified.
 */
export default defineAdapter({
  name: 'residence',
  title: { vi: 'Phần mềm quản lý cư trú (Bộ Công an)', en: 'Residence software (Ministry of Public Security)' },
  evidence: 'MEMORY',
  config,
  open: async ({ baseUrl, timeoutMs }, ports) => {
    const limits = { concurrent: 1, perSecond: 1, perDay: null };
    const answers = readAnswers(ports.data.answers());
    const page = baseUrl === null ? null : openHttp({ system: 'residence', baseUrl, ports, answers, limits, timeoutMs, retryReads: 0 });
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
    return [{ hop: 'page', ok: true, vi: 'Trang nhập liệu mở được.', en: 'The page to type into opens.' }];
  } catch (error) {
    if (!isTrouble(error)) throw error;
    const { vi, en } = error.detail;
    return [{ hop: 'page', ok: false, vi, en }];
  }
}
