import type { z } from 'zod';
import type { Config, SystemConfig } from '../config.ts';
import type { System } from '../kit/contract.ts';
import { type LoadedAdapter, listAdapters, loadAdapter, openSystem } from '../kit/load.ts';
import type { Json } from '../model/json.ts';
import type { Chance, Clock } from '../model/ports.ts';
import type { Spoke } from '../sync/contract.ts';

/** From the configuration's systems to spokes: which adapter, opened with what, behaving how. */

export interface OpenedSystem {
  readonly spoke: Spoke;
  /** null: a simulated system whose simulator is not running. */
  readonly system: System | null;
}

/** The config schema of an adapter, null when no folder holds one of that name. */
export async function adapterSchemaOf(folders: readonly string[], name: string): Promise<z.ZodType | null> {
  if (!listAdapters(folders).some((place) => place.name === name)) return null;
  return (await loadAdapter(folders, name)).adapter.config;
}

/** Opens every system of the configuration. No network is used before the first call. */
export async function openSystems(
  config: Config,
  ports: { readonly clock: Clock; readonly chance: Chance },
): Promise<ReadonlyMap<string, OpenedSystem>> {
  const opened = new Map<string, OpenedSystem>();
  for (const [name, settings] of Object.entries(config.systems)) {
    const loaded = await loadAdapter(config.folders.adapters, settings.adapter);
    const asleep = settings.simulated && settings.config.baseUrl === undefined;
    const { overrides, restMs } = settings;
    const system = asleep ? null : await openSystem(loaded, settings.config as Json, { ...ports, restMs, overrides });
    opened.set(name, { system, spoke: spokeOf({ name, settings, loaded, system }) });
  }
  return opened;
}

const KIND_WORD = /\s*\([^)]*\)\s*$/;

interface Parts {
  readonly name: string;
  readonly settings: SystemConfig;
  readonly loaded: LoadedAdapter;
  readonly system: System | null;
}

function spokeOf({ name, settings, loaded, system }: Parts): Spoke {
  const { title } = loaded.adapter;
  return {
    name,
    title: { vi: title.vi.replace(KIND_WORD, ''), en: title.en.replace(KIND_WORD, '') },
    kinds: system?.kinds ?? {},
    role: settings.role,
    pollMs: settings.pollMs,
    pollsBeforeAsking: settings.pollsBeforeAsking,
    visibleWithinMs: settings.visibleWithinMs,
    batch: settings.batch,
    concurrent: settings.concurrent,
    dailyCap: settings.dailyCap,
    cutOffAt: settings.cutOff === null ? null : Date.parse(`${settings.cutOff}T00:00:00+07:00`),
    mode: modeOf(settings),
  };
}

/** First rule that fits; a rule's procedure is a base code (`1.001193`) or a full one. */
const modeOf =
  ({ mode, modes }: SystemConfig): Spoke['mode'] =>
  (procedure, agency) =>
    modes.find(
      (rule) =>
        (rule.agency === undefined || rule.agency === agency) &&
        (rule.procedure === undefined || procedure === rule.procedure || procedure.startsWith(`${rule.procedure}.`)),
    )?.mode ?? mode;
