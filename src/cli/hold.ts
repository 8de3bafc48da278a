import type { Command } from 'commander';
import { SCOPES } from '../http/accounts.ts';
import { replay } from '../http/commands.ts';
import { holdOf } from '../http/shapes.ts';
import { DECISIONS, DESKS } from '../model/words.ts';
import type { HoldFilter } from '../store/contract.ts';
import { type Asked, type Cli, does, misused, OK, textOption, WRONG } from './asked.ts';
import { withHouse, withStore } from './room.ts';
import { tellHold } from './why.ts';

/** `hold list | decide` and `incident list | replay`: what waits for a person. */
export function holdCommands(cli: Cli, program: Command): void {
  const hold = program.command('hold').description('việc chờ xử lý · what waits for a person');
  const list = hold
    .command('list')
    .description('liệt kê · list')
    .option('--code <code>')
    .option('--desk <desk>', DESKS.join(' | '))
    .option('--system <name>')
    .option('--cause <cause>');
  does(cli, list, listHolds);
  const decide = hold
    .command('decide <id> <decision>')
    .description(`trả lời · answer: ${DECISIONS.join(' | ')}`)
    .option('--value <value>')
    .option('--by <name>', 'người quyết định · who decides');
  does(cli, decide, decideHold);
  const incident = program.command('incident').description('sự cố: các việc cùng nguyên nhân · holds with one cause');
  does(cli, incident.command('list').description('liệt kê · list'), listIncidents);
  does(
    cli,
    incident
      .command('replay <cause>')
      .description('thử lại mọi việc của một nguyên nhân · try all holds of a cause again')
      .option('--by <name>'),
    replayIncident,
  );
}

const MOST = 500;

async function listHolds(asked: Asked): Promise<number> {
  const desk = DESKS.find((one) => one === textOption(asked, 'desk'));
  if (desk === undefined && textOption(asked, 'desk') !== null)
    return misused(asked, { vi: `--desk nhận: ${DESKS.join(', ')}.`, en: `--desk takes: ${DESKS.join(', ')}.` });
  const filter: HoldFilter = {
    open: true,
    ...(desk === undefined ? {} : { desk }),
    ...given(asked, 'code'),
    ...given(asked, 'system'),
    ...given(asked, 'cause'),
  };
  const holds = await withStore(asked, (store) => store.read((tx) => tx.holds.page(filter, null, MOST)));
  const shown = holds.map((hold) => holdOf(hold, false));
  asked.screen.data(shown);
  if (shown.length === 0) asked.screen.say({ vi: 'Không có việc nào đang chờ.', en: 'Nothing waits.' });
  for (const hold of shown) {
    asked.screen.say({ vi: `${hold.code} · ${hold.desk}`, en: `${hold.code} · ${hold.desk}` });
    tellHold(asked.screen, hold);
  }
  return OK;
}

function given<Name extends 'code' | 'system' | 'cause'>(asked: Asked, name: Name): Partial<Record<Name, string>> {
  const value = textOption(asked, name);
  return value === null ? {} : ({ [name]: value } as Partial<Record<Name, string>>);
}

const whoOf = (asked: Asked): string => textOption(asked, 'by') ?? asked.cli.env.USER ?? 'command-line';

async function decideHold(asked: Asked, id = '', decision = ''): Promise<number> {
  const name = DECISIONS.find((one) => one === decision);
  if (name === undefined) {
    return misused(asked, {
      vi: `Trả lời phải là một trong: ${DECISIONS.join(', ')}.`,
      en: `The answer must be one of: ${DECISIONS.join(', ')}.`,
    });
  }
  return withHouse(asked, async (house) => {
    const hold = await house.store.read((tx) => tx.holds.byId(id));
    if (hold === null || !hold.decisions.includes(name)) {
      asked.screen.data({ error: hold === null ? 'not-found' : 'decision-not-offered', decisions: hold?.decisions ?? [] });
      asked.screen.say(
        hold === null
          ? { vi: 'Không tìm thấy việc chờ xử lý này.', en: 'There is no such hold.' }
          : { vi: `Việc này chỉ nhận: ${hold.decisions.join(', ')}.`, en: `This hold takes: ${hold.decisions.join(', ')}.` },
      );
      return WRONG;
    }
    await house.engine.decide({ hold: id, name, value: textOption(asked, 'value'), by: whoOf(asked) });
    asked.screen.data({ hold: id, decision: name });
    asked.screen.say({ vi: 'Đã ghi nhận quyết định.', en: 'The decision is recorded.' });
    return OK;
  });
}

async function listIncidents(asked: Asked): Promise<number> {
  const incidents = await withStore(asked, (store) => store.read((tx) => tx.holds.incidents()));
  asked.screen.data(incidents.map((one) => ({ ...one, since: new Date(one.since).toISOString() })));
  if (incidents.length === 0) asked.screen.say({ vi: 'Không có sự cố nào đang mở.', en: 'No incident is open.' });
  else {
    asked.screen.table(
      ['#', 'nguyên nhân · cause', 'người xử lý · desk', ''],
      incidents.map(({ count, cause, desk, vi }) => [String(count), cause, desk, vi]),
    );
  }
  return OK;
}

async function replayIncident(asked: Asked, cause = ''): Promise<number> {
  const account = { name: whoOf(asked), scopes: [...SCOPES], agencies: null };
  const done = await withHouse(asked, (house) => replay(house, account, cause));
  asked.screen.data(done);
  asked.screen.say({
    vi: `Đã thử lại ${done.retried} việc; ${done.left} việc cần quyết định riêng.`,
    en: `${done.retried} tried again; ${done.left} need a decision of their own.`,
  });
  return OK;
}
