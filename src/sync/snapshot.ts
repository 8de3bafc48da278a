import type { Sighting } from '../kit/index.ts';
import type { Mapping } from '../mapping/contract.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import type { JsonObject } from '../model/json.ts';
import type { Base } from '../store/contract.ts';

/** The record as it is kept beside the base: without what the mapping says is dropped. */
export const snapshotOf = (mapping: Mapping, record: JsonObject): JsonObject => mapping.kept?.(record) ?? record;

/** The record says something else than the one kept beside the base: how a system without versions shows that it changed. */
export const saysOther = (mapping: Mapping, sighting: Sighting, base: Base): boolean =>
  canonicalJson(snapshotOf(mapping, sighting.record)) !== canonicalJson(base.snapshot);
