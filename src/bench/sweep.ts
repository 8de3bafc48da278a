import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chance, clock } from '../assemble.ts';
import type { RecordKind } from '../kit/contract.ts';
import type { Mapping } from '../mapping/contract.ts';
import type { Store } from '../store/contract.ts';
import { openStore } from '../store/index.ts';
import type { Engine, EngineLimits, Spoke, SweepReport } from '../sync/contract.ts';
import { createEngine } from '../sync/index.ts';
import { type BenchReport, reportOf, shown } from './contract.ts';
import { benchBook, birthMapping } from './house.ts';
import { beginProfile, type Cost, costsText } from './profile.ts';
import { machineLine, stopwatchMs } from './rounds.ts';
import { driftsByRecord, driftsByVersion, fillStore, linkOf, listedKind, RECORD, readStock, type Stock, SYSTEM } from './stock.ts';

/** `bench sweep`: everything of one system looked at, by versions and by whole records; the seeded drift and nothing else is found. */

export interface SweepOptions {
  readonly links?: number;
  /** Items in one page of versions, and of records. */
  readonly versionPage?: number;
  readonly recordPage?: number;
}
export interface SweepFigures {
  readonly links: number;
  readonly versionsPerSecond: number;
  readonly recordsPerSecond: number;
  /** The same for each second of CPU time: what a machine that does nothing else gives. */
  readonly versionsPerCpuSecond: number;
  readonly recordsPerCpuSecond: number;
  readonly seededByVersion: number;
  readonly seededByRecord: number;
  /** Highest resident memory of the process while it swept, and since it began. */
  readonly sweepPeakMiB: number;
  readonly processPeakMiB: number;
  readonly fillSeconds: number;
  /** Where the time of a missed sweep goes. */
  readonly costs: readonly Cost[];
}

const LEAST_VERSIONS = 50_000;
const LEAST_RECORDS = 8_000;
const MEBIBYTE = 1024 * 1024;

/** Throws when a sweep wakes anything but exactly what was seeded. */
export async function benchSweep(options: SweepOptions = {}): Promise<BenchReport<SweepFigures>> {
  const { links = 100_000, versionPage = 1000, recordPage = 500 } = options;
  const stock = await readStock(birthMapping(await benchBook()));
  const folder = await mkdtemp(join(tmpdir(), 'motlan-bench-'));
  const keys = { current: 1, keys: new Map([[1, new Uint8Array(randomBytes(32))]]) };
  const store = await openStore({ engine: { kind: 'sqlite', file: join(folder, 'motlan.db') }, keys, chance, clock });
  try {
    const from = stopwatchMs();
    await fillStore(store, stock, links);
    const fillSeconds = (stopwatchMs() - from) / 1000;
    const numbers = Array.from({ length: links }, (_, i) => i);
    const byVersion = numbers.filter(driftsByVersion).map(linkOf);
    const byRecord = numbers.filter(driftsByRecord).map(linkOf);
    const peak = peakMemory();
    const stage = { store, stock, links, seen: peak.seen };
    const versions = await swept(stage, { gives: 'id+version', page: versionPage, seeded: byVersion, woken: byVersion.length });
    const woken = byVersion.length + byRecord.length;
    const records = await swept(stage, { gives: 'record', page: recordPage, seeded: byRecord, woken });
    return told({
      links,
      versionsPerSecond: versions.perSecond,
      recordsPerSecond: records.perSecond,
      versionsPerCpuSecond: versions.perCpuSecond,
      recordsPerCpuSecond: records.perCpuSecond,
      seededByVersion: byVersion.length,
      seededByRecord: byRecord.length,
      sweepPeakMiB: peak.bytes() / MEBIBYTE,
      processPeakMiB: process.resourceUsage().maxRSS / 1024,
      fillSeconds,
      costs: [
        ...(versions.perSecond < LEAST_VERSIONS ? await costsOf(stage, 'id+version', versionPage) : []),
        ...(records.perSecond < LEAST_RECORDS ? await costsOf(stage, 'record', recordPage) : []),
      ],
    });
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Stage {
  readonly store: Store;
  readonly stock: Stock;
  readonly links: number;
  readonly seen: () => void;
}
interface Wanted {
  readonly gives: 'id+version' | 'record';
  readonly page: number;
  readonly seeded: readonly string[];
  /** Links awake afterwards, those of earlier sweeps included. */
  readonly woken: number;
}

interface Pace {
  readonly perSecond: number;
  readonly perCpuSecond: number;
}

async function swept(stage: Stage, wanted: Wanted): Promise<Pace> {
  const engine = engineOver(stage, wanted);
  const [from, cpu] = [stopwatchMs(), process.cpuUsage()];
  const report = await engine.sweep(SYSTEM);
  const ms = stopwatchMs() - from;
  const { user, system } = process.cpuUsage(cpu);
  await mustBeExact(stage, wanted, report);
  return { perSecond: (stage.links * 1000) / ms, perCpuSecond: (stage.links * 1_000_000) / (user + system) };
}

/** As many were woken as were seeded, each seeded one is awake, and nothing else is. */
async function mustBeExact({ store, links }: Stage, { gives, seeded, woken }: Wanted, report: SweepReport): Promise<void> {
  const found = await store.read(async (tx) => ({ seeded: await tx.work.ofLinks(seeded), backlog: await tx.work.backlog() }));
  const awake = found.backlog.reduce((sum, { count }) => sum + count, 0);
  const exact = report.links === links && report.strangers === 0 && report.woken === seeded.length;
  if (exact && found.seeded.length === seeded.length && awake === woken) return;
  throw new Error(
    `${gives}: of ${links} links ${report.links} were looked at, ${report.strangers} were strangers, ${report.woken} were woken and ${seeded.length} seeded; ${awake} are awake`,
  );
}

function engineOver({ store, stock, links, seen }: Stage, { gives, page }: Pick<Wanted, 'gives' | 'page'>): Engine {
  const kind = listedKind(stock, { gives, count: links, page, seen });
  return createEngine({
    ...{ store, clock, chance, limits: LIMITS, mappings: [stock.mapping] satisfies readonly Mapping[] },
    spokes: new Map([[SYSTEM, spokeOf(kind)]]),
    status: () => ({ is: 'none' }),
    procedure: () => ({ is: 'valid' }),
    admit: (document) => document,
    tell: () => undefined,
  });
}

const spokeOf = (kind: RecordKind): Spoke => ({
  name: SYSTEM,
  kinds: { [RECORD]: kind },
  title: { vi: 'Phần mềm hộ tịch', en: 'Civil-status software' },
  role: 'ministry',
  ...{ pollMs: 60_000, pollsBeforeAsking: 500, batch: 50, concurrent: 4, dailyCap: null, cutOffAt: null },
  mode: () => 'auto',
});

const LIMITS: EngineLimits = {
  ...{ leaseMs: 120_000, backOffFirstMs: 2_000, backOffMostMs: 900_000, freshMs: 60_000 },
  ...{ mostInwardChanges: 20, ringHits: 5, ringWindowMs: 600_000, mostFileBytes: 25 * MEBIBYTE },
};

function peakMemory(): { readonly seen: () => void; readonly bytes: () => number } {
  let bytes = 0;
  const seen = (): void => {
    bytes = Math.max(bytes, process.memoryUsage.rss());
  };
  return { seen, bytes: () => bytes };
}

/** The same sweep once more, sampled. */
async function costsOf(stage: Stage, gives: Wanted['gives'], page: number): Promise<readonly Cost[]> {
  const end = await beginProfile();
  await engineOver(stage, { gives, page }).sweep(SYSTEM);
  return end();
}

function told(figures: SweepFigures): BenchReport<SweepFigures> {
  const { links, versionsPerSecond, recordsPerSecond, costs } = figures;
  return reportOf(
    'sweep',
    figures,
    [
      {
        met: versionsPerSecond >= LEAST_VERSIONS,
        vi: `Rà soát theo phiên bản: ${shown(versionsPerSecond)} liên kết/giây trên ${shown(links)} liên kết (cần ${shown(LEAST_VERSIONS)}).`,
        en: `Sweep by versions: ${shown(versionsPerSecond)} links/s over ${shown(links)} links (wanted ${shown(LEAST_VERSIONS)}).`,
      },
      {
        met: recordsPerSecond >= LEAST_RECORDS,
        vi: `Rà soát trọn bản ghi qua bảng ánh xạ: ${shown(recordsPerSecond)} bản ghi/giây (cần ${shown(LEAST_RECORDS)}).`,
        en: `Sweep of whole records through the mapping: ${shown(recordsPerSecond)} records/s (wanted ${shown(LEAST_RECORDS)}).`,
      },
    ],
    [
      {
        vi: `Tính theo thời gian CPU: ${shown(figures.versionsPerCpuSecond)} liên kết và ${shown(figures.recordsPerCpuSecond)} bản ghi mỗi giây CPU.`,
        en: `By CPU time: ${shown(figures.versionsPerCpuSecond)} links and ${shown(figures.recordsPerCpuSecond)} records a CPU second.`,
      },
      {
        vi: `Tìm đúng và chỉ đúng các chỗ lệch đã gieo: ${figures.seededByVersion} theo phiên bản, ${figures.seededByRecord} theo nội dung.`,
        en: `Exactly the seeded drift was found: ${figures.seededByVersion} by version, ${figures.seededByRecord} by content.`,
      },
      {
        vi: `Bộ nhớ cao nhất: ${shown(figures.sweepPeakMiB)} MiB khi rà soát, ${shown(figures.processPeakMiB)} MiB cả tiến trình; nạp dữ liệu mất ${shown(figures.fillSeconds)} giây.`,
        en: `Peak memory: ${shown(figures.sweepPeakMiB)} MiB while sweeping, ${shown(figures.processPeakMiB)} MiB over the whole process; filling the store took ${shown(figures.fillSeconds)} s.`,
      },
      machineLine(),
      ...(costs.length === 0
        ? []
        : [{ vi: `Điều giới hạn, nơi tốn nhất: ${costsText(costs)}.`, en: `What bounds it, dearest places: ${costsText(costs)}.` }]),
    ],
  );
}
