import {
  controlRoutes,
  dataBeside,
  runAlone,
  runSimulator,
  type Simulator,
  type SimulatorDesk,
  type SimulatorRow,
  type StartSimulator,
} from '../../src/kit/index.ts';
import { FILINGS } from './endpoint.ts';
import { cardRoutes, USER } from './simulator/cards.ts';
import { exchange } from './simulator/exchange.ts';
import { portal, portalEffect } from './simulator/portal.ts';
import { settle, simulatorKind, statusOf } from './simulator/register.ts';

/** The portal and the card gateway in miniature. A card is known by its number, a filing by the id it was saved under. */

const start: StartSimulator = async (options) => {
  const data = dataBeside(import.meta.url, options.overrides ?? null);
  const held: { desk?: SimulatorDesk; simulator?: Simulator } = {};
  const simulator = () => {
    if (held.simulator === undefined) throw new RangeError('the simulator is still starting');
    return held.simulator;
  };
  const base = await runSimulator(options, {
    kinds: Object.fromEntries([...FILINGS, 'card'].map((kind) => [kind, simulatorKind(kind)])),
    config: (baseUrl, root) => ({
      baseUrl,
      files: { place: { kind: 'folder', root }, landsWithinMs: 2_000 },
      masobhxhuser: 'XA96001',
      macoquanuser: '09600',
      loaidoituonguser: '2',
      card: {
        ...USER,
        hoTenCb: 'Cán bộ mẫu',
        cccdCb: '099080000001',
        limits: { concurrent: 8, perSecond: null, perDay: null },
      },
      pageSize: 4,
      landsWithinMs: 2_000,
      timeoutMs: 5_000,
      limits: { concurrent: 8, perSecond: null, perDay: null },
    }),
    routes: (desk) => {
      held.desk = desk;
      return [
        { method: 'POST', path: '/CallApiWithCurrentUser', effect: portalEffect, run: (request) => portal(desk, request) },
        ...cardRoutes(desk),
        ...controlRoutes(simulator, options.clock),
      ];
    },
    changed: settle,
    folder: exchange((kind) => data.recordSchema(kind)),
  });
  if (held.desk === undefined) throw new RangeError('the simulator has no desk');
  held.simulator = named(base, held.desk);
  return held.simulator;
};

const nameOf = (kind: string, row: SimulatorRow): string => (kind === 'card' ? String(row.record.maThe) : row.id);

/** The same simulator, with each record under the name by which the system itself speaks of it. */
function named(base: Simulator, desk: SimulatorDesk): Simulator {
  const rowId = (kind: string, name: string) => desk.rows(kind).find((row) => nameOf(kind, row) === name)?.id ?? name;
  return {
    ...base,
    records: (kind) => {
      // Whoever looks finds that what lay in the folder was taken.
      base.records(kind);
      return desk.rows(kind).map((row) => ({
        id: nameOf(kind, row),
        key: row.key,
        record:
          kind === 'card'
            ? row.record
            : { ...row.record, status: String(statusOf(row)), ...(row.extra.soHoSo === undefined ? {} : { soHoSo: row.extra.soHoSo }) },
      }));
    },
    typeByHand: (kind, record) => {
      const id = base.typeByHand(kind, record);
      return kind === 'card' ? String(record.maThe) : id;
    },
    edit: (kind, name, changes) => base.edit(kind, rowId(kind, name), changes),
    advance: (kind, name, stage, fields) => base.advance(kind, rowId(kind, name), stage, fields),
  };
}

export default start;

await runAlone(import.meta.url, start);
