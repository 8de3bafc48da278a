import type { Sighting } from '../kit/contract.ts';
import type { NationalStatus } from '../model/dossier.ts';
import type { DossierDocument } from '../sync/contract.ts';
import { IntakeRefused, NotPossible } from '../sync/errors.ts';
import type { Fleet } from './fleet.ts';
import type { Edit } from './history.ts';
import { linesOf, MINISTRIES, type Ministry } from './lines.ts';
import { showAll, sightingOf, versionOf } from './ministry.ts';
import {
  AGENCY,
  clerkEdits,
  closeFile,
  moveOn,
  officialEdits,
  officialSupplies,
  openDossier,
  openFiles,
  PROCEDURE,
  typeByHand,
} from './people.ts';
import type { Dice } from './random.ts';
import type { Life } from './scheduler.ts';
import { now, recordsOf, restoreTo, stageOf, textOf, type World, type WorldRecord } from './world.ts';

/** How wild one seed is; drawn once. */
export interface Storm {
  readonly dossiers: number;
  readonly lengthMs: number;
  readonly edits: number;
  readonly handTyped: number;
  readonly restores: boolean;
  readonly outages: boolean;
  readonly crash: number;
  /** Nodes die most where storms seldom come by. */
  readonly keen: boolean;
  readonly freeze: number;
  readonly nodes: number;
  /** What is rare elsewhere is common here: refusals, twins typed by hand, conflicts, rejected creates; and nodes die of it. */
  readonly thorny: boolean;
}

/** One seed in so many. */
const THORNY_ONE_IN = 8;

export const drawStorm = (dice: Dice): Storm => {
  const plain = drawPlain(dice);
  return dice.fork('a thorny one').hit(1 / THORNY_ONE_IN) ? thorny(plain, dice.fork('thorns')) : plain;
};

const thorny = (plain: Storm, dice: Dice): Storm => ({
  ...plain,
  lengthMs: dice.between(90_000, 180_000),
  edits: dice.pick([0.3, 0.6]),
  handTyped: dice.pick([0.3, 0.6]),
  restores: dice.hit(0.7),
  crash: dice.pick([0, 0.002]),
  keen: true,
  freeze: 0,
  thorny: true,
});

const drawPlain = (dice: Dice): Storm => ({
  dossiers: dice.pick([1, 1, 1, 2, 3]),
  lengthMs: dice.between(30_000, 120_000),
  edits: dice.pick([0.1, 0.3, 0.6]),
  handTyped: dice.pick([0, 0, 0.3]),
  restores: dice.hit(0.15),
  outages: dice.hit(0.3),
  crash: dice.pick([0, 0.003, 0.01, 0.02]),
  keen: dice.fork('keen').hit(0.5),
  freeze: dice.pick([0, 0, 0.006]),
  nodes: dice.pick([1, 1, 1, 2]),
  thorny: false,
});

export interface Stage {
  readonly world: World;
  readonly fleet: Fleet;
  readonly storm: Storm;
  readonly life: Life;
  readonly dice: Dice;
  /** Edits in messages the engine acknowledged. */
  readonly known: Set<Edit>;
}

const HEAD = { nationalCode: null, procedure: PROCEDURE, agency: AGENCY, dueAt: null, form: 'permit@1' } as const;

/** The dossier as the one-stop pushes it: whole, in the canonical form. */
export const documentOf = (record: WorldRecord, receivedAt: number): DossierDocument => {
  const { version, record: fields } = now(record);
  const typed = linesOf('one-stop').filter((line) => line.owner !== 'give' && textOf(fields[line.field]) !== null);
  const supplements = Number(fields.soLanBoSung ?? 0);
  return {
    head: { ...HEAD, code: record.code, status: Number(fields.trangThai) as NationalStatus, revision: version, receivedAt, supplements },
    body: { applicant: {}, data: Object.fromEntries(typed.map((line) => [line.path, fields[line.field] ?? null])), files: [] },
    supplements,
  };
};

/** Pushes one document until it is acknowledged; an acknowledged one may come once more, however old. */
const pushDocument = (stage: Stage, record: WorldRecord): void => {
  const { world, fleet, life } = stage;
  const document = documentOf(record, record.bornAt);
  world.scheduler.start(life, `push ${record.code} r${document.head.revision}`, async () => {
    for (let tries = 0; ; tries++) {
      const got = await fleet.ask(4_000, (node) => node.engine.intake(document).catch((error: unknown) => error));
      if (got !== null && got.answer instanceof IntakeRefused) {
        world.breaches.push({ what: `intake refused: ${got.answer.code}`, code: record.code });
        return;
      }
      if (got !== null && got.answer instanceof Error) throw got.answer;
      if (got !== null) {
        world.acknowledged.set(record.code, Math.max(world.acknowledged.get(record.code) ?? 0, document.head.revision ?? 0));
        for (const line of linesOf('one-stop')) {
          const value = textOf((document.body.data[line.path] ?? null) as string | null);
          const edit = value === null ? null : world.history.of(record.code, line.path, value);
          if (edit !== null) stage.known.add(edit);
        }
        if (tries > 0 || world.calm.on || !stage.dice.hit(0.2)) return;
      }
      await world.scheduler.clock(life).sleep(stage.dice.between(500, 12_000));
    }
  });
};

const during = (stage: Stage, name: string, leastMs: number, mostMs: number, act: () => void): void => {
  const { world, life, dice } = stage;
  world.scheduler.start(life, name, async () => {
    for (;;) {
      await world.scheduler.clock(life).sleep(dice.between(leastMs, mostMs));
      if (world.calm.on) return;
      act();
    }
  });
};

/** A clerk was faster than the dossier; where one can search, two of them were, neither knowing of the other. */
const typeBefore = ({ world, dice }: Stage, record: WorldRecord): void => {
  for (const system of MINISTRIES) {
    if (!dice.hit(0.3)) continue;
    typeByHand(world, system, record);
    if (world.capability[system].find) typeByHand(world, system, record);
  }
};

const startOfficials = (stage: Stage): void => {
  const { world, storm, dice, life } = stage;
  for (let n = 1; n <= storm.dossiers; n++) {
    const code = `D${n}`;
    world.scheduler.start(life, `citizen ${code}`, async () => {
      await world.scheduler.clock(life).sleep(dice.between(0, 10_000));
      const record = openDossier(world, code);
      if (dice.hit(storm.handTyped)) typeByHand(world, dice.pick(MINISTRIES), record);
      if (storm.thorny) typeBefore(stage, record);
      pushDocument(stage, record);
    });
  }
  during(stage, 'officials', 2_000, 10_000, () => {
    const records = recordsOf(world, 'one-stop');
    if (records.length === 0) return;
    const record = dice.pick(records);
    const asked = recordsOf(world, 'registry', record.code).some((file) => stageOf('registry', now(file).record) === 'supplement');
    if (asked && dice.hit(0.5)) officialSupplies(world, record);
    else if (dice.hit(storm.edits)) officialEdits(world, record);
    else return;
    if (dice.hit(0.7)) pushDocument(stage, record);
  });
};

const startClerks = (stage: Stage, system: Ministry): void => {
  const { world, storm, dice } = stage;
  during(stage, `clerks ${system}`, 1_500, 9_000, () => {
    const files = openFiles(world, system);
    const waiting = recordsOf(world, 'one-stop').filter((record) => recordsOf(world, system, record.code).length === 0);
    if (waiting.length > 0 && dice.hit(storm.handTyped * 0.2)) typeByHand(world, system, dice.pick(waiting));
    if (files.length === 0) return;
    const file = dice.pick(files);
    if (dice.hit(storm.edits * 0.6)) clerkEdits(world, file);
    else if (dice.hit(0.5)) moveOn(world, file);
  });
};

/** What one node took in every node may know; one that stands still goes on with what it had, and learns of it after that. */
const showNode = (stage: Stage, node: Fleet['nodes'][number], system: Ministry, record: WorldRecord, sighting: Sighting): void => {
  const { world, life } = stage;
  const waitMs = node.life.frozenUntil - world.scheduler.now();
  if (waitMs <= 0) {
    showAll(node.shown, world, system, record, sighting);
    return;
  }
  world.scheduler.start(life, `${node.life.name} learns`, async () => {
    await world.scheduler.clock(life).sleep(waitMs + 1_000);
    showAll(node.shown, world, system, record, sighting);
  });
};

/** Messages of a ministry that pushes: each state once, retried until acknowledged, now and then twice or late. */
const startPushes = (stage: Stage, system: Ministry): void => {
  const { world, fleet, life, dice } = stage;
  const sent = new Set<string>();
  const send = async (record: WorldRecord, state: WorldRecord['states'][number], nonce: string): Promise<void> => {
    const isSighting = world.capability[system].readBy === null;
    const sighting = sightingOf(world, system, record, state);
    const touches = [{ kind: 'file', id: record.id, key: sighting.key, sighting: isSighting ? sighting : null }];
    const body = new TextEncoder().encode(JSON.stringify({ nonce, touches }));
    const request = { method: 'POST', path: `/${system}`, headers: { 'x-proof': 'agreed' }, body, receivedAt: world.scheduler.now() };
    const got = await fleet.ask(4_000, (node) => node.engine.hear(system, 'file', request));
    if (got === null || got.answer.unknown > 0) return;
    if (isSighting) showAll(stage.known, world, system, record, sighting);
    if (isSighting) for (const node of fleet.nodes) showNode(stage, node, system, record, sighting);
    if (world.calm.on || !dice.hit(0.15)) sent.add(nonce);
  };
  world.scheduler.start(life, `pushes ${system}`, async () => {
    for (;;) {
      await world.scheduler.clock(life).sleep(world.calm.on ? 15_000 : dice.between(500, 6_000));
      for (const record of openFiles(world, system))
        for (const state of record.states) {
          const nonce = `${record.id}-${record.states.indexOf(state)}-${versionOf(state)}`;
          if (!sent.has(nonce)) await send(record, state, nonce);
        }
    }
  });
};

const startDisasters = (stage: Stage): void => {
  const { world, storm, dice, life } = stage;
  if (storm.outages)
    during(stage, 'outages', 10_000, 40_000, () => {
      world.outages.set(dice.pick(['one-stop', ...MINISTRIES] as const), world.scheduler.now() + dice.between(5_000, 25_000));
    });
  if (!storm.restores) return;
  const system = dice.pick(MINISTRIES);
  world.scheduler.start(life, `restore ${system}`, async () => {
    await world.scheduler.clock(life).sleep(storm.lengthMs * 0.7);
    restoreTo(world, system, world.scheduler.now() - dice.between(5_000, 40_000));
  });
};

/** A sweep says it is not possible while its system is out; anything else is a fault of the engine. */
const expected = (error: unknown): void => {
  if (!(error instanceof NotPossible)) throw error;
};

/** Sets everybody to work. */
export const startWorld = (stage: Stage): void => {
  const { meddling } = stage.world;
  meddling.closes = (record) => closeFile(stage.world, record);
  meddling.by = (record) => (record.system === 'one-stop' ? officialEdits(stage.world, record) : clerkEdits(stage.world, record));
  startOfficials(stage);
  for (const system of MINISTRIES) {
    startClerks(stage, system);
    if (stage.world.capability[system].pushes) startPushes(stage, system);
  }
  startDisasters(stage);
  during(stage, 'sweeps', 20_000, 60_000, () => {
    const node = stage.fleet.awake();
    const system = stage.dice.pick(['one-stop', ...MINISTRIES] as const);
    if (node === null) return;
    stage.world.scheduler.start(node.life, `sweep ${system}`, async () => {
      await node.engine.sweep(system).catch(expected);
    });
  });
};
