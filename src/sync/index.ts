import { check } from './check.ts';
import type { Context } from './context.ts';
import type { Engine, EnginePorts } from './contract.ts';
import { byHand, decide } from './decide.ts';
import { NotPossible } from './errors.ts';
import { hear, pollChanges } from './hear.ts';
import { intake } from './intake.ts';
import { run } from './loop.ts';
import { giveBack, lookAtSheet, openSheet, typeNumber } from './sheets.ts';
import { STATIONS, type Stations } from './stations.ts';
import { sweep } from './sweep.ts';
import { visitDue } from './visit-due.ts';

/** The engine over its ports. It keeps nothing that may not be lost: after a restart the rows say where to go on. */
export function createEngine(ports: EnginePorts, stations: Stations = STATIONS): Engine {
  const context: Context = { ...ports, stations, memory: { refreshedAt: new Map(), ring: new Map() } };
  return {
    intake: (document, priority = 1) => intake(context, document, priority),
    check: (document) => check(context, document),
    visitDue: (system) => visitDue(context, system),
    pollChanges: (system) => pollChanges(context, system),
    hear: (system, kind, request) => hear(context, system, kind, request),
    sweep: (system) => sweep(context, system),
    decide: (decision) => decide(context, decision),
    byHand: (link, by) => byHand(context, link, by),
    sheets: {
      open: (asked) => openSheet(context, asked),
      look: (asked) => lookAtSheet(context, asked),
      type: (typed) => typeNumber(context, typed),
      giveBack: (given) => giveBack(context, given),
    },
    wake: (link, priority) => wakeLink(context, link, priority),
    run: (signal) => run(context, signal),
  };
}

async function wakeLink(context: Context, id: string, priority: 0 | 1 | 2 | 3): Promise<void> {
  await context.store.write(async (tx) => {
    const link = (await tx.links.load([id])).get(id);
    if (link === undefined) throw new NotPossible('link.unknown', 'Không có nhánh này.', 'There is no such leg.');
    await tx.work.wake(link, { at: context.clock.now(), priority });
  });
}

export { STATIONS, type Stations };
