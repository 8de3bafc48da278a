/** The public face of the mapping language. */
export { type Book, type BookSource, loadBook, readBook } from './book.ts';
export { type CaseResult, runCases } from './cases.ts';
export type { Compiled } from './compile.ts';
export { mappingSchema } from './schema.ts';
export { deriveStatus, type StatusAnswer, type StatusCause, type StatusInput, type StatusLeg } from './status.ts';
export { readStatusRules, type StatusRules } from './status-file.ts';
export {
  type CrosswalkReport,
  checkCrosswalk,
  diffMappings,
  type LineDiff,
  lossReport,
  type Preview,
  preview,
  unusedCrosswalks,
} from './tools.ts';
export { writtenPaths } from './written.ts';
