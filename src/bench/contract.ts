/** What every bench gives back: figures for programs, and the same in words for people. */
export interface BenchReport<Figures> {
  readonly bench: 'mapping' | 'dossiers' | 'sweep';
  /** Every goal was reached in this run. */
  readonly met: boolean;
  readonly figures: Figures;
  readonly vi: string;
  readonly en: string;
}

/** One sentence in both languages. */
export interface Line {
  readonly vi: string;
  readonly en: string;
}

/** A goal beside what was measured; the sentence that follows says what bounds it where it was missed. */
export interface Goal extends Line {
  readonly met: boolean;
}

export function reportOf<Figures>(
  bench: BenchReport<Figures>['bench'],
  figures: Figures,
  goals: readonly Goal[],
  beside: readonly Line[],
): BenchReport<Figures> {
  const said = (word: { readonly vi: string; readonly en: string }, lang: 'vi' | 'en'): string => word[lang];
  const text = (lang: 'vi' | 'en'): string =>
    [...goals.map((goal) => `${said(goal.met ? MET : MISSED, lang)} ${goal[lang]}`), ...beside.map((line) => `  ${line[lang]}`)].join('\n');
  return { bench, met: goals.every((goal) => goal.met), figures, vi: text('vi'), en: text('en') };
}

const MET = { vi: '[đạt]', en: '[met]' };
const MISSED = { vi: '[chưa đạt]', en: '[missed]' };

/** A figure as people read it. */
export const shown = (figure: number, digits = 0): string =>
  figure.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
