/** The public face of the mapping language. */
export { type Book, type BookSource, loadBook, readBook } from './book.ts';
export { type CaseResult, runCases } from './cases.ts';
export { deriveStatus, type StatusAnswer, type StatusCause, type StatusInput, type StatusLeg } from './status.ts';
export { readStatusRules, type StatusRules } from './status-file.ts';
