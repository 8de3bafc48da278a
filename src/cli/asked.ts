import { resolve } from 'node:path';
import type { Command } from 'commander';
import { adapterSchemaOf } from '../assemble/systems.ts';
import { type Config, HOUSE, readConfig } from '../config.ts';
import { pointedAtRunning } from '../demo/simulators.ts';
import type { Sentence } from '../zod-sentence.ts';
import { complaint, openScreen, type Screen } from './screen.ts';

/** Where a command runs and where it speaks. */
export interface Cli {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  readonly write: (text: string) => void;
  /** 0 in order, 1 something is wrong, 2 asked wrongly. */
  code: number;
}

export interface Asked {
  readonly cli: Cli;
  readonly screen: Screen;
  readonly options: Readonly<Record<string, unknown>>;
  /** Beside the answer: how the command is meant, and what cannot wait for the end. */
  readonly complain: (text: string) => void;
  /** Reads the configuration: `--config FILE`, else the one that ships. */
  config(how?: { readonly running: boolean }): Promise<Config>;
}

export const OK = 0;
export const WRONG = 1;
export const MISUSED = 2;

/** Gives a command its work; `run` returns the exit code. Arguments that were left out are not handed on. */
export function does(cli: Cli, command: Command, run: (asked: Asked, ...values: readonly string[]) => Promise<number>): void {
  command.action(async (...given: readonly unknown[]) => {
    const options = command.optsWithGlobals<Record<string, unknown>>();
    const values = given.filter((one): one is string => typeof one === 'string');
    cli.code = await run(
      askedOf(cli, options, (text) => command.configureOutput().writeErr?.(text)),
      ...values,
    );
  });
}

const LANGUAGES = ['vi', 'en', 'both'] as const;

function askedOf(cli: Cli, options: Asked['options'], complain: Asked['complain']): Asked {
  const lang = LANGUAGES.find((one) => one === options.lang) ?? 'both';
  return {
    cli,
    options,
    complain,
    screen: openScreen({ json: options.json === true, lang, write: cli.write }),
    async config({ running } = { running: true }) {
      const file = typeof options.config === 'string' ? options.config : resolve(HOUSE, 'config/default.yaml');
      const config = await readConfig(file, { env: cli.env, workingFolder: cli.workingFolder, adapterConfig: adapterSchemaOf });
      return running ? pointedAtRunning(config) : config;
    },
  };
}

export const textOption = (asked: Asked, name: string): string | null => {
  const value = asked.options[name];
  return typeof value === 'string' ? value : null;
};

/** Says in both languages how the command is meant; gives the exit code of one that was used wrongly. */
export function misused(asked: Asked, { vi, en }: Sentence): number {
  asked.complain(complaint([{ vi, en }], asked.screen.json));
  return MISUSED;
}

export const unknownSystem = (asked: Asked, name: string, known: readonly string[]): number =>
  misused(asked, {
    vi: `Cấu hình không có hệ thống "${name}" (có: ${known.join(', ')}).`,
    en: `The configuration names no system "${name}" (there are: ${known.join(', ')}).`,
  });
