import {
  type Call,
  defineAdapter,
  type FilePlace,
  type HttpClient,
  isTrouble,
  openHttp,
  openPlace,
  type ProbeHop,
  readAnswers,
} from '../../src/kit/index.ts';
import { type Config, config } from './config.ts';
import { type Files, fileVerbs } from './files.ts';

/**
 * Unemployment insurance (BHTN), the job-service centre. No interface is known: officials retype its two screens (SOURCED
 * BHTN-FORM). Without files the kinds have no verbs, and what is typed there is declared, never verified.
 */
export default defineAdapter<Config>({
  name: 'unemployment-insurance',
  title: { vi: 'Bảo hiểm thất nghiệp (trung tâm dịch vụ việc làm)', en: 'Unemployment insurance (job-service centre)' },
  evidence: 'SOURCED',
  config,
  open: async (settings, ports) => {
    const { baseUrl, timeoutMs, files } = settings;
    const limits = { concurrent: 1, perSecond: 1, perDay: null };
    const answers = readAnswers(ports.data.answers());
    const page =
      baseUrl === null ? null : openHttp({ system: 'unemployment-insurance', baseUrl, ports, answers, limits, timeoutMs, retryReads: 0 });
    const place = files === null ? null : openPlace(files.place);
    const kinds = ports.data.recordKinds().map((name) => {
      const schema = ports.data.recordSchema(name);
      const verbs = files === null || place === null ? {} : fileVerbs(name, schema, place, files, settings, ports);
      return [name, { name, schema, normalises: {}, readLagMs: 0, ordered: false, ...verbs }] as const;
    });
    return {
      kinds: Object.fromEntries(kinds),
      probe: async (call) => [
        ...(page === null ? [] : await probe(page, call)),
        ...(files === null || place === null ? [] : [await probeFolder(place, files, call)]),
        ...(page === null && place === null ? [BY_HAND] : []),
      ],
      close: async () => {
        await page?.close();
        await place?.close();
      },
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

/** Whether the folder of decisions can be listed. Nothing is taken. */
async function probeFolder(place: FilePlace, files: Files, call: Call): Promise<ProbeHop> {
  try {
    await place.list(files.in, call.signal);
    return { hop: 'folder', ok: true, vi: 'Thư mục quyết định mở được.', en: 'The folder of decisions can be listed.' };
  } catch (error) {
    if (!isTrouble(error)) throw error;
    const { vi, en } = error.detail;
    return { hop: 'folder', ok: false, vi, en };
  }
}
