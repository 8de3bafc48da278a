import { deliver } from './deliver.ts';
import { guard } from './guard.ts';
import { intend } from './intend.ts';
import { observe } from './observe.ts';
import { plan } from './plan.ts';
import { record } from './record.ts';
import { refresh } from './refresh.ts';
import { settle } from './settle.ts';

/** The engine's stations in the order of the journey. The simulation swaps single ones to prove that each is needed. */
export interface Stations {
  readonly observe: typeof observe;
  readonly settle: typeof settle;
  readonly plan: typeof plan;
  readonly guard: typeof guard;
  readonly refresh: typeof refresh;
  readonly intend: typeof intend;
  readonly deliver: typeof deliver;
  readonly record: typeof record;
}

export const STATIONS: Stations = { observe, settle, plan, guard, refresh, intend, deliver, record };
