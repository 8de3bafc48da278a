import { createHash, hash } from 'node:crypto';
import { canonicalJson } from '../model/canonical-json.ts';
import type { Json } from '../model/json.ts';
import type { AuditEntry } from './contract.ts';

/** The audit chain of one dossier: each hash is over the hash before and the entry, so nothing in it can change unnoticed. */

export const CHAIN_START = '';

/** Hex sha256 over the previous hash and the entry with its place in the chain. */
export function chainHash(previous: string, entry: Omit<AuditEntry, 'hash'>): string {
  const { code, seq, at, actor, action, attempt, mappingVersion, detail } = entry;
  const text = canonicalJson({ code, seq, at, actor, action, attempt, mappingVersion, detail } satisfies Record<string, Json>);
  return hash('sha256', `${previous}|${text}`);
}

/** Where a chain stands after some of its entries: `brokenAt` is the first entry that does not follow from the one before. */
export interface ChainState {
  readonly seq: number;
  readonly hash: string;
  readonly brokenAt: number | null;
}

export const chainStart: ChainState = { seq: 0, hash: CHAIN_START, brokenAt: null };

export function follow(state: ChainState, entry: AuditEntry): ChainState {
  const expected = state.seq + 1;
  const sound = entry.seq === expected && entry.hash === chainHash(state.hash, { ...entry, seq: expected });
  return { seq: entry.seq, hash: entry.hash, brokenAt: state.brokenAt ?? (sound ? null : expected) };
}

/** One digest over chain heads given in code order. */
export function headDigest(): { add(code: string, seq: number, hash: string): void; digest(): string } {
  const sum = createHash('sha256');
  return {
    add: (code, seq, hash) => void sum.update(canonicalJson([code, seq, hash])).update('\n'),
    digest: () => sum.digest('hex'),
  };
}
