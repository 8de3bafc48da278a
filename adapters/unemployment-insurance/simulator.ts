import {
  controlRoutes,
  dataBeside,
  type Json,
  runAlone,
  runSimulator,
  type Simulator,
  type SimulatorDesk,
  type StartSimulator,
} from '../../src/kit/index.ts';
import { deciding, exchange } from './simulator/exchange.ts';

/**
 * The centre's software in miniature: a page that people type into, the decisions it makes and, where it has a folder of its
 * own, files taken from `exchange/ra` and decisions put into `exchange/vao`.
 */

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** The words of the file that comes back; the software's own numbers are no public list. */
const STAGES: Readonly<Record<string, readonly string[]>> = {
  TIEP_NHAN: ['TIEP_NHAN', 'BO_SUNG', 'RUT', 'TU_CHOI', 'QUYET_DINH'],
  BO_SUNG: ['TIEP_NHAN', 'RUT', 'TU_CHOI'],
  QUYET_DINH: ['DA_TRA', 'HUY'],
  DA_TRA: [],
  HUY: [],
  RUT: [],
  TU_CHOI: [],
};

const start: StartSimulator = async (options) => {
  const held: { desk?: SimulatorDesk; simulator?: Simulator } = {};
  const simulator = () => {
    if (held.simulator === undefined) throw new RangeError('the simulator is still starting');
    return held.simulator;
  };
  const names = dataBeside(import.meta.url, options.overrides ?? null).recordKinds();
  const base = await runSimulator(options, {
    kinds: Object.fromEntries(
      names.map((name) => [
        name,
        {
          naturalKey: (record) => `${text(record.CMND)}|${text(record.NgayDangKyTN)}`,
          firstStage: 'TIEP_NHAN',
          id: (n) => `TN-${String(n).padStart(6, '0')}`,
          stages: STAGES,
        },
      ]),
    ),
    config: (baseUrl, root) => ({
      baseUrl,
      ...(options.folder === null ? {} : { files: { place: { kind: 'folder', root } } }),
    }),
    folder: exchange(names),
    routes: (desk) => {
      held.desk = desk;
      return [
        {
          method: 'GET',
          path: '/',
          effect: 'read',
          run: () => ({
            status: 200,
            text: '<!doctype html><html lang="vi"><title>Bảo hiểm thất nghiệp (mô phỏng)</title><h1>Bảo hiểm thất nghiệp</h1></html>',
            headers: { 'content-type': 'text/html; charset=utf-8' },
          }),
        },
        ...controlRoutes(simulator, options.clock),
      ];
    },
  });
  if (held.desk === undefined) throw new RangeError('the simulator has no desk');
  held.simulator = deciding(base, held.desk);
  return held.simulator;
};

export default start;

await runAlone(import.meta.url, start);
