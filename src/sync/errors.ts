import type { Problem } from '../model/line-value.ts';

/** The document cannot be taken; nothing was stored. `code` is the problem document's code. */
export class IntakeRefused extends Error {
  override readonly name = 'IntakeRefused';
  readonly code: 'expired-procedure' | 'unknown-procedure' | 'duplicate-code' | 'unknown-form' | 'too-many-legs' | 'invalid-dossier';
  readonly problems: readonly Problem[];
  constructor(code: IntakeRefused['code'], problems: readonly Problem[]) {
    super(code);
    this.code = code;
    this.problems = problems;
  }
}

/** A person asked for something the engine will not do; the sentences say why and what to do instead. */
export class NotPossible extends Error {
  override readonly name = 'NotPossible';
  readonly code: string;
  readonly vi: string;
  readonly en: string;
  constructor(code: string, vi: string, en: string) {
    super(en);
    this.code = code;
    this.vi = vi;
    this.en = en;
  }
}

/** Another worker holds this link now; whatever this visit planned must not be written. */
export class FencedOff extends Error {
  override readonly name = 'FencedOff';
  readonly link: string;
  constructor(link: string) {
    super(`fenced off ${link}`);
    this.link = link;
  }
}
