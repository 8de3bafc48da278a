import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type Coverage, coverageOf } from '../assemble/field-lists.ts';
import { formsOf, placeOf, readMappings } from '../assemble/mappings.ts';
import { openSystems } from '../assemble/systems.ts';
import { parserOf } from '../assemble.ts';
import type { Config } from '../config.ts';
import { readJsonText } from '../intake/json-text.ts';
import type { Diagnostic } from '../mapping/contract.ts';
import { type Book, runCases } from '../mapping/index.ts';
import { hubDocument } from '../model/dossier.ts';
import type { AgreedValue } from '../model/line-value.ts';
import { type Asked, type Cli, does, OK, WRONG } from './asked.ts';
import { CommandRefused, chance, clock, mustBeFolder, textOfFile } from './room.ts';
import { plain, type Screen } from './screen.ts';

/** `mapping check | test | diff | preview` and `crosswalk check`. Nothing is stored, nothing is sent. */
export function mappingCommands(cli: Cli, program: Command): void {
  const mapping = program.command('mapping').description('bảng ánh xạ · mappings');
  const checking = mapping
    .command('check')
    .description('kiểm tra mọi bảng và các luật · check all, laws included')
    .option('--coverage', 'và mọi trường các nguồn nêu (adapters/*/fields.csv) · and every field that the sources name');
  does(cli, checking, check);
  does(cli, mapping.command('test').description('chạy các ví dụ trong bảng · run the cases inside the mappings'), test);
  does(cli, mapping.command('diff <folder>').description('khác gì so với bảng ở thư mục khác · against mappings of another folder'), diff);
  does(
    cli,
    mapping.command('preview <mapping> <file>').description('xem bản ghi sẽ gửi của một hồ sơ (JSON) · the record a dossier would become'),
    preview,
  );
  const crosswalk = program.command('crosswalk').description('bảng đối chiếu mã · crosswalks');
  does(cli, crosswalk.command('check').description('kiểm tra · check'), checkCrosswalks);
}

const LAW_ROUNDS = 100;

async function bookOf(config: Config, lawRounds: number): Promise<Book> {
  const systems = await openSystems(config, { clock, chance });
  try {
    return await readMappings(config, new Map([...systems].map(([name, { spoke }]) => [name, spoke])), lawRounds);
  } finally {
    for (const { system } of systems.values()) await system?.close();
  }
}

function list(screen: Screen, diagnostics: readonly Diagnostic[]): void {
  for (const { severity, file, line, column, vi, en, code } of diagnostics) {
    const place = `${severity === 'error' ? '✗' : '!'} ${file}:${line}:${column} [${code}]`;
    screen.say({ vi: `${place} ${vi}`, en });
  }
}

/** A file of the province's own folder is named by its whole path, for the same name stands in two folders. */
const placed = (config: Config, book: Book, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
  diagnostics.map((one) => (book.overrides.has(one.file) ? { ...one, file: placeOf(config, book, one.file) } : one));

const verdict = (diagnostics: readonly Diagnostic[]): number => (diagnostics.some(({ severity }) => severity === 'error') ? WRONG : OK);

async function check(asked: Asked): Promise<number> {
  const config = await asked.config();
  const book = await bookOf(config, LAW_ROUNDS);
  const { mappings } = book;
  const diagnostics = placed(config, book, book.diagnostics);
  const own = [...book.overrides].sort().map(([file, replaces]) => ({ file: placeOf(config, book, file), replaces }));
  const coverage = asked.options.coverage === true ? coverageOf(config, book) : null;
  asked.screen.data({
    ...{ mappings: mappings.map(({ id, version }) => ({ id, version })), diagnostics, overrides: own },
    ...(coverage === null ? {} : { coverage }),
  });
  for (const { file, replaces } of own)
    asked.screen.say(
      replaces
        ? { vi: `= ${file} thay cho tệp cùng tên đi kèm sản phẩm.`, en: `${file} stands in the place of the shipped file of that name.` }
        : { vi: `+ ${file} là tệp thêm của tỉnh.`, en: `${file} is added by the province.` },
    );
  list(asked.screen, diagnostics);
  if (coverage !== null) showCoverage(asked.screen, coverage);
  asked.screen.say({
    vi: `${mappings.length} bảng dùng được, ${diagnostics.length} thông báo.`,
    en: `${mappings.length} mappings are good, ${diagnostics.length} messages.`,
  });
  return coverage?.some(({ missing }) => missing.length > 0) ? WRONG : verdict(diagnostics);
}

function showCoverage(screen: Screen, coverage: readonly Coverage[]): void {
  screen.table(
    ['bảng · mapping', 'ánh xạ · mapped', 'bỏ qua, có lý do · ignored', 'thiếu · missing'],
    coverage.map(({ mapping, mapped, ignored, missing }) => [mapping, ...[mapped, ignored.length, missing.length].map(String)]),
  );
  for (const { mapping, mapped, ignored, missing } of coverage)
    if (mapped + ignored.length + missing.length === 0)
      screen.say({
        vi: `! ${mapping}: không nguồn nào nêu trường của bản ghi này.`,
        en: `${mapping}: no source names the fields of this record.`,
      });
  for (const { mapping, ignored } of coverage)
    for (const { field, reason } of ignored) screen.say(plain(`· ${mapping} ${field}: ${reason}`));
  for (const { mapping, missing } of coverage)
    for (const { place, field, source, vi, en } of missing) {
      const about = field === '' ? mapping : `${mapping} "${field}" (${source})`;
      screen.say({ vi: `✗ ${place} ${about}: ${vi}`, en: `${about}: ${en}` });
    }
}

async function test(asked: Asked): Promise<number> {
  const config = await asked.config();
  const book = await bookOf(config, 0);
  const { compiled } = book;
  const diagnostics = placed(config, book, book.diagnostics);
  const results = compiled.flatMap(runCases);
  const failed = results.filter(({ ok }) => !ok);
  asked.screen.data({ cases: results.length, failed, diagnostics });
  for (const { mapping, name, ok, differences } of results) {
    asked.screen.say(plain(`${ok ? '✓' : '✗'} ${mapping}: ${name}${ok ? '' : ` (${differences.join(', ')})`}`));
  }
  return failed.length === 0 ? verdict(diagnostics) : WRONG;
}

/** Line by line in words: what the other folder's mappings say differently. Exit code 1 when there is a difference. */
async function diff(asked: Asked, folder = ''): Promise<number> {
  const config = await asked.config();
  const theirFolder = resolve(asked.cli.workingFolder, folder);
  await mustBeFolder(theirFolder);
  const other = { ...config, folders: { ...config.folders, mappings: theirFolder, mappingsOverride: null } };
  const [here, there] = [await bookOf(config, 0), await bookOf(other, 0)];
  const lines = (book: Book): ReadonlyMap<string, string> =>
    new Map(book.mappings.flatMap((mapping) => mapping.explain().map(({ line, vi }) => [`${mapping.id} ${line}`, vi] as const)));
  const [ours, theirs] = [lines(here), lines(there)];
  const differences = [...new Set([...ours.keys(), ...theirs.keys()])]
    .sort()
    .flatMap((line) =>
      ours.get(line) === theirs.get(line) ? [] : [{ line, here: ours.get(line) ?? null, there: theirs.get(line) ?? null }],
    );
  const versions = here.mappings.flatMap(({ id, version }) => {
    const second = there.mappings.find((one) => one.id === id)?.version ?? null;
    return second === version ? [] : [{ mapping: id, here: version, there: second }];
  });
  asked.screen.data({ versions, differences });
  for (const one of versions) asked.screen.say(plain(`${one.mapping}: ${one.here.slice(0, 12)} ↔ ${one.there?.slice(0, 12) ?? '–'}`));
  for (const one of differences) asked.screen.say(plain(`${one.line}\n  - ${one.here ?? '–'}\n  + ${one.there ?? '–'}`));
  return versions.length + differences.length === 0 ? OK : WRONG;
}

/** Shows the values of the given file to whoever has the file; nothing of it is kept. */
function dossierIn(file: string, text: string): unknown {
  const read = readJsonText(text);
  if (read.is === 'json') return read.value;
  throw new CommandRefused(`Tệp "${file}" không phải JSON hợp lệ.`, `The file "${file}" is not valid JSON.`);
}

async function preview(asked: Asked, id = '', file = ''): Promise<number> {
  const config = await asked.config();
  const { mappings } = await bookOf(config, 0);
  const mapping = mappings.find((one) => one.id === id);
  if (mapping === undefined) {
    const names = mappings.map((one) => one.id).join(', ');
    throw new CommandRefused(`Không có bảng ánh xạ "${id}"; có: ${names}.`, `There is no mapping "${id}"; there are: ${names}.`);
  }
  const parse = parserOf(await formsOf(config));
  const { head, body } = parse(dossierIn(file, await textOfFile(resolve(asked.cli.workingFolder, file))));
  const hub = { document: hubDocument(head, { ...body, results: {}, choices: [] }), choices: [], at: head.receivedAt };
  const ours = mapping.ours(hub);
  const agreed = new Map<string, AgreedValue>();
  for (const [line, value] of ours)
    if (value.is !== 'unseen' && value.is !== 'invalid' && mapping.rule(line).owner !== 'take') agreed.set(line, value);
  const problems = [...ours].flatMap(([line, value]) =>
    value.is === 'invalid' ? [{ line, vi: value.problem.vi, en: value.problem.en }] : [],
  );
  const record = mapping.write(agreed);
  asked.screen.data({ mapping: id, record, problems, losses: mapping.losses(hub), lines: mapping.explain() });
  asked.screen.say(plain(JSON.stringify(record, null, 2)));
  for (const one of problems) asked.screen.say({ vi: `✗ ${one.line}: ${one.vi}`, en: one.en });
  for (const { line, reason } of mapping.losses(hub)) asked.screen.say(plain(`~ ${line}: ${reason}`));
  for (const { line, vi } of mapping.explain()) asked.screen.say(plain(`· ${line}: ${vi}`));
  return problems.length === 0 ? OK : WRONG;
}

async function checkCrosswalks(asked: Asked): Promise<number> {
  const config = await asked.config();
  const book = await bookOf(config, 0);
  const { crosswalks } = book;
  const isAbout = ({ file, code }: Diagnostic) => file.startsWith('crosswalks/') || code.includes('crosswalk') || code.includes('row');
  const about = placed(config, book, book.diagnostics.filter(isAbout));
  asked.screen.data({ crosswalks: [...crosswalks.keys()], diagnostics: about });
  list(asked.screen, about);
  asked.screen.say({
    vi: `${crosswalks.size} bảng đối chiếu, ${about.length} thông báo.`,
    en: `${crosswalks.size} crosswalks, ${about.length} messages.`,
  });
  return verdict(about);
}
