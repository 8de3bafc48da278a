import type { Bench } from './bench.ts';
import { ACT_CHECKS } from './checks-acts.ts';
import { FAULT_CHECKS } from './checks-faults.ts';
import { FILE_CHECKS } from './checks-files.ts';
import { HEAR_CHECKS } from './checks-hear.ts';
import { KEEP_CHECKS } from './checks-keeps.ts';
import { READ_CHECKS } from './checks-read.ts';
import { WRITE_CHECKS } from './checks-write.ts';

/** One statement every adapter must keep. It runs on a bench of its own; `applies` looks only at what is declared. */
export interface Check {
  readonly name: string;
  applies(bench: Bench): boolean;
  run(bench: Bench): Promise<void>;
}

export const CHECKS: readonly Check[] = [
  ...READ_CHECKS,
  ...HEAR_CHECKS,
  ...KEEP_CHECKS,
  ...WRITE_CHECKS,
  ...ACT_CHECKS,
  ...FAULT_CHECKS,
  ...FILE_CHECKS,
];
