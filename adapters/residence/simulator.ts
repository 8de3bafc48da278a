import { controlRoutes, dataBeside, type Json, runAlone, runSimulator, type Simulator, type StartSimulator } from '../../src/kit/index.ts';

/** The residence software in miniature: a page that people type into, and its own dossier numbers. Programs have no way in. */

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** Received, then done or refused. INFERENCE. */
const STAGES: Readonly<Record<string, readonly string[]>> = {
  'tiep-nhan': ['da-giai-quyet', 'tu-choi'],
  'da-giai-quyet': [],
  'tu-choi': [],
};

const start: StartSimulator = async (options) => {
  const held: { simulator?: Simulator } = {};
  const simulator = () => {
    if (held.simulator === undefined) throw new RangeError('the simulator is still starting');
    return held.simulator;
  };
  const names = dataBeside(import.meta.url, options.overrides ?? null).recordKinds();
  held.simulator = await runSimulator(options, {
    kinds: Object.fromEntries(
      names.map((name) => [
        name,
        {
          naturalKey: (record) => `${text(record.SoDinhDanh)}|${text(record.HoTen)}|${text(record.NgaySinh)}`,
          firstStage: 'tiep-nhan',
          id: (n) => `CT-${String(n).padStart(6, '0')}`,
          stages: STAGES,
        },
      ]),
    ),
    config: (baseUrl) => ({ baseUrl }),
    routes: () => [
      {
        method: 'GET',
        path: '/',
        effect: 'read',
        run: () => ({
          status: 200,
          text: '<!doctype html><html lang="vi"><title>Quản lý cư trú (mô phỏng)</title><h1>Quản lý cư trú</h1></html>',
          headers: { 'content-type': 'text/html; charset=utf-8' },
        }),
      },
      ...controlRoutes(simulator, options.clock),
    ],
  });
  return held.simulator;
};

export default start;

await runAlone(import.meta.url, start);
