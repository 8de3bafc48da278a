/** `motlan bench`: what the product costs, beside what the same work costs without it. Loaded only when asked for. */
export type { BenchReport } from './contract.ts';
export { benchDossiers, type DossiersOptions } from './dossiers.ts';
export type { DossiersFigures } from './dossiers-report.ts';
export { benchMapping, type MappingFigures, type MappingOptions } from './mapping.ts';
export { benchSweep, type SweepFigures, type SweepOptions } from './sweep.ts';
