import { type BenchReport, reportOf, shown } from './contract.ts';
import { type Cost, costsText } from './profile.ts';
import { machineLine } from './rounds.ts';

/** The figures of `bench dossiers` and how they are told. */
export interface DossiersFigures {
  /** Time of the bare loop ÷ time of motlan for the same dossiers, median of the rounds. */
  readonly ratio: number;
  readonly motlanPerSecond: number;
  readonly barePerSecond: number;
  /** Counted at the simulators. */
  readonly callsPerDossier: number;
  readonly commitsPerDossier: number;
  readonly statementsPerDossier: number;
  /** Of motlan's own process. */
  readonly cpuMsPerDossier: number;
  readonly aimedCpuMsPerDossier: number;
  readonly bareCpuMsPerDossier: number;
  readonly systemsCpuMsPerDossier: number;
  /** CPU time ÷ elapsed time of motlan's process. */
  readonly cpuShare: number;
  readonly rounds: number;
  readonly dossiersPerRound: number;
  readonly calls: Readonly<Record<string, number>>;
  /** Where motlan's time goes; sampled only when a figure was missed. */
  readonly costs: readonly Cost[];
}

export const LEAST_RATIO = 0.35;

export function dossiersReport(figures: DossiersFigures): BenchReport<DossiersFigures> {
  const percent = shown(figures.ratio * 100);
  const least = shown(LEAST_RATIO * 100);
  const cpu = shown(figures.cpuMsPerDossier, 1);
  const aimed = shown(figures.aimedCpuMsPerDossier, 1);
  const reached = figures.cpuMsPerDossier <= figures.aimedCpuMsPerDossier;
  return reportOf(
    'dossiers',
    figures,
    [
      {
        met: figures.ratio >= LEAST_RATIO,
        vi: `Từ lúc nhận hồ sơ đến khi đối chiếu xong ở hệ thống chuyên ngành: đạt ${percent} % tốc độ của vòng lặp trần cùng số lượt gọi (cần ${least} %).`,
        en: `From the accepted POST until settled at the ministry: ${percent} % of the speed of a bare loop with the same calls (wanted ${least} %).`,
      },
    ],
    [
      {
        vi: `CPU của motlan: ${cpu} ms mỗi hồ sơ; mong ${aimed} ms (1 ms + 0,5 ms mỗi lượt gọi): ${reached ? 'đạt' : 'chưa đạt'}.`,
        en: `CPU of motlan: ${cpu} ms a dossier; aimed at ${aimed} ms (1 ms + 0.5 ms a call): ${reached ? 'reached' : 'not reached'}.`,
      },
      {
        vi: `Mỗi hồ sơ: ${shown(figures.callsPerDossier, 2)} lượt gọi, ${shown(figures.commitsPerDossier, 2)} lần ghi chắc, ${shown(figures.statementsPerDossier)} câu lệnh; CPU vòng lặp trần ${shown(figures.bareCpuMsPerDossier, 1)} ms, các hệ thống mô phỏng ${shown(figures.systemsCpuMsPerDossier, 1)} ms.`,
        en: `A dossier: ${shown(figures.callsPerDossier, 2)} calls, ${shown(figures.commitsPerDossier, 2)} commits, ${shown(figures.statementsPerDossier)} statements; CPU of the bare loop ${shown(figures.bareCpuMsPerDossier, 1)} ms, of the simulated systems ${shown(figures.systemsCpuMsPerDossier, 1)} ms.`,
      },
      {
        vi: `Cùng lượt đo: motlan ${shown(figures.motlanPerSecond, 1)} hồ sơ/giây, vòng lặp trần ${shown(figures.barePerSecond, 1)} hồ sơ/giây; ${figures.rounds} vòng xen kẽ, mỗi vòng ${shown(figures.dossiersPerRound)} hồ sơ, lấy trung vị.`,
        en: `In the same run: motlan ${shown(figures.motlanPerSecond, 1)} dossiers/s, the bare loop ${shown(figures.barePerSecond, 1)} dossiers/s; ${figures.rounds} rounds in turns of ${shown(figures.dossiersPerRound)} dossiers, median.`,
      },
      machineLine(),
      ...boundBy(figures),
    ],
  );
}

function boundBy({ costs, cpuShare }: DossiersFigures) {
  if (costs.length === 0) return [];
  const share = shown(cpuShare * 100);
  return [
    {
      vi: `Điều giới hạn: tiến trình motlan dùng ${share} % một nhân; nơi tốn nhất: ${costsText(costs)}.`,
      en: `What bounds it: motlan's process uses ${share} % of one core; dearest places: ${costsText(costs)}.`,
    },
  ];
}
