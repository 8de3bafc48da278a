export type { FailedSeed, SimulateOptions, SimulationReport } from './run.ts';
export { replay, reportText, simulate } from './run.ts';
export { isSabotage, SABOTAGE_NAMES, type SabotageName } from './sabotage.ts';
