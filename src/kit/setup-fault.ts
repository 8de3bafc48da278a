/** Something wrong in a file or a setting, at its place. Lines and columns count from 1; 0 = the whole file. */
export interface Fault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: string;
  readonly vi: string;
  readonly en: string;
}

/** An adapter folder, its data or its config cannot be used; holds every fault found, never a value. */
export class SetupFault extends Error {
  override readonly name = 'SetupFault';
  readonly faults: readonly Fault[];
  constructor(faults: readonly Fault[]) {
    super(faults.map((fault) => `${fault.file}:${fault.line}:${fault.column} ${fault.en}`).join('\n'));
    this.faults = faults;
  }
}

/** A fault of a whole file or folder. */
export const wholeFault = (file: string, code: string, vi: string, en: string): Fault => ({ file, line: 0, column: 0, code, vi, en });
