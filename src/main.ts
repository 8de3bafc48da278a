import { runCli } from './cli.ts';

/**
 * The way in. From here: cli.ts (what is asked) → assemble.ts (the house is put together from config.ts) → sync/ (the engine,
 * one station a file, in the order of a dossier's journey: wake → observe → settle → plan → guard → intend → deliver → record).
 */
process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  workingFolder: process.cwd(),
  write: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
});
