import { Command, CommanderError, Option } from 'commander';
import { adapterCommands } from './cli/adapter.ts';
import { type Cli, MISUSED, WRONG } from './cli/asked.ts';
import { demoCommand } from './cli/demo.ts';
import { dossierCommands } from './cli/dossier.ts';
import { holdCommands } from './cli/hold.ts';
import { keepingCommands } from './cli/keeping.ts';
import { mappingCommands } from './cli/mapping.ts';
import { provingCommands } from './cli/proving.ts';
import { serveCommand } from './cli/serve.ts';
import { setupCommands } from './cli/setup.ts';
import { systemCommands } from './cli/system.ts';
import { whyCommand } from './cli/why.ts';
import { whatWentWrong } from './cli/wrong.ts';

/** All commands, one file a group. Vietnamese first, then English; `--json` for programs; exit code 0, 1 or 2. */
export function commandsOf(cli: Cli): Command {
  const program = new Command('motlan')
    .description('Một lần: nhập hồ sơ một lần · a dossier is entered once')
    .option('--config <file>', 'tệp cấu hình · configuration file')
    .option('--json', 'kết quả dạng JSON · answer as JSON')
    .addOption(new Option('--lang <lang>', 'ngôn ngữ · language').choices(['vi', 'en', 'both']).default('both'))
    .showHelpAfterError()
    .showSuggestionAfterError()
    .exitOverride();
  for (const group of [
    demoCommand,
    serveCommand,
    setupCommands,
    systemCommands,
    whyCommand,
    dossierCommands,
    mappingCommands,
    adapterCommands,
    holdCommands,
    keepingCommands,
    provingCommands,
  ]) {
    group(cli, program);
  }
  return program;
}

export interface CliPorts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  readonly write: (text: string) => void;
  readonly complain: (text: string) => void;
}

/** Runs one command; resolves to the exit code: 0 in order, 1 something is wrong, 2 asked wrongly. */
export async function runCli(given: readonly string[], ports: CliPorts): Promise<number> {
  const cli: Cli = { ...ports, code: 0 };
  const program = commandsOf(cli).configureOutput({ writeOut: ports.write, writeErr: ports.complain });
  inherit(program);
  try {
    await program.parseAsync([...given], { from: 'user' });
    return cli.code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : MISUSED;
    ports.complain(whatWentWrong(error, given.includes('--json')));
    return WRONG;
  }
}

/** Commander hands its settings on at the moment a command is made; ours are set afterwards. */
function inherit(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent);
    inherit(command);
  }
}
