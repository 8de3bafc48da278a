import { basename, resolve } from 'node:path';
import { clock, openHouse, startHouse } from '../assemble.ts';
import { type Config, HOUSE } from '../config.ts';
import { type FileRow, readDossierFile } from '../intake/files.ts';
import { intakeReport, reportText } from '../intake/report.ts';
import { openLog } from '../log.ts';
import type { SeenDossier } from './api.ts';
import { typeBeforehand } from './beforehand.ts';
import { compare, type Difference } from './compare.ts';
import { demoKey, masterOf } from './key.ts';
import { sceneOf } from './people.ts';
import { playAll } from './play.ts';
import { type Live, openLive } from './screen.ts';
import { pointedAt, simulatorFolder, startSimulators } from './simulators.ts';
import { bodyOf, ministriesOf, openStage, type Stage } from './stage.ts';
import { readStory } from './story.ts';
import { clear, outages, weatherOf } from './weather.ts';

/** `motlan demo`: simulated systems, real engine, the whole way of each dossier in sight. */

export interface DemoOptions {
  readonly config: Config;
  readonly input: string | null;
  /** Seed of bad weather over all simulated systems; null: fair weather. */
  readonly faults: number | null;
  readonly lang: 'vi' | 'en';
  readonly tty: boolean;
  readonly write: (text: string) => void;
  readonly signal: AbortSignal;
  /** The log goes here; the screen belongs to the progress. */
  readonly logLevel: string;
}

export interface DemoEnd {
  readonly url: string;
  readonly dossiers: readonly SeenDossier[];
  readonly differences: readonly Difference[];
  /** Dossiers that were still on their way when time was up, with the steps not played. */
  readonly unfinished: readonly string[];
  readonly refusedRows: number;
  /** What the weather left unsure and a person answered. */
  readonly weatherAnswers: number;
  stop(): Promise<void>;
}

const DAY = { vi: 'vi-VN', en: 'en-GB' } as const;

export async function runDemo(options: DemoOptions): Promise<DemoEnd> {
  const { config, lang } = options;
  const say = (vi: string, en: string): void => live.line(lang === 'vi' ? vi : en);
  const time = new Intl.DateTimeFormat(DAY[lang], { timeZone: 'Asia/Ho_Chi_Minh', hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const live = openLive({ write: options.write, tty: options.tty, lang, time: () => time.format(clock.now()) });
  const key = await demoKey(config.data);
  say(
    key.fresh
      ? `Bản chạy thử tự tạo khóa niêm phong riêng: ${key.file} (chỉ chủ tệp đọc được). Vận hành thật phải cất khóa nơi khác.`
      : `Dùng lại khóa niêm phong của bản chạy thử: ${key.file}.`,
    key.fresh
      ? `The demo made its own sealing key: ${key.file} (0600). In production the key lies elsewhere.`
      : `The demo's sealing key is used again: ${key.file}.`,
  );
  const { faults } = options;
  const weather = new AbortController();
  const simulators = await startSimulators(config, simulatorFolder(config), clock, () => (faults === null ? {} : weatherOf(faults)));
  const story = await readStory(resolve(HOUSE, 'config/demo'));
  typeBeforehand({ ministries: ministriesOf({ simulators, config }), story });
  const house = await openHouse(pointedAt(unhurried(config), simulators), { log: openLog(options.logLevel), keys: masterOf(key.key) });
  const running = await startHouse(house);
  const away = faults === null ? Promise.resolve() : outages(simulators, clock, weather.signal);
  const calm = (): void => {
    weather.abort();
    clear(simulators);
  };
  const stop = async (): Promise<void> => {
    weather.abort();
    await away;
    await running.stop();
    for (const simulator of simulators.values()) await simulator.close();
  };
  try {
    say(`Giao diện: ${running.url}/api/v1/openapi.json`, `API: ${running.url}/api/v1/openapi.json`);
    const stage = await openStage({ house, running, simulators, config, story });
    const refusedRows = options.input === null ? 0 : await feedFile(stage, options.input, live, lang);
    const played = await playAll(stage, { live, lang, signal: options.signal, weather: faults === null ? null : { clear: calm } });
    live.end();
    return {
      url: running.url,
      dossiers: [...stage.seen.values()],
      differences: await compare(stage.people, stage.people.story),
      unfinished: played.unfinished,
      refusedRows,
      weatherAnswers: played.weatherAnswers,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One token does the work of many counters here. */
const unhurried = (config: Config): Config => ({ ...config, http: { ...config.http, requestsPerMinute: 100_000 } });

/** Good rows are typed at the counter like all others; bad ones are reported with their places. Returns how many were refused. */
async function feedFile({ scenes, forms }: Stage, file: string, live: Live, lang: 'vi' | 'en'): Promise<number> {
  const rows: FileRow[] = [];
  for await (const row of readDossierFile(resolve(file), forms)) {
    rows.push(row);
    if (!('document' in row)) continue;
    const scene = sceneOf(bodyOf(row.document));
    scenes.set(scene.code, scene);
  }
  const report = intakeReport(basename(file), rows);
  live.line(reportText(report, lang));
  return report.refused.length;
}
