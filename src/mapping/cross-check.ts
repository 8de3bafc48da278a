import type { Built, Source } from './build.ts';
import type { Line } from './lines.ts';
import { isWithin } from './paths.ts';
import type { Notes, Spot } from './tell.ts';

/** What only all mappings of a form together can tell. */
export interface Member {
  readonly source: Source;
  readonly built: Built;
}

export function crossCheck(members: readonly Member[], notes: Notes): void {
  for (const form of new Set(members.map((member) => member.source.form.name))) {
    const those = members.filter((member) => member.source.form.name === form);
    checkOwners(those, notes);
    checkResults(those, notes);
  }
}

const systemOf = (member: Member): string => member.source.node.id.text.split('.')[0] ?? '';

interface Claim {
  readonly member: Member;
  readonly line: Line;
  readonly path: string;
}

/** A hub path that one system states may not be taken or shared by another. */
function checkOwners(members: readonly Member[], notes: Notes): void {
  const claims: Claim[] = members.flatMap((member) =>
    member.built.plain
      .filter((line) => line.owner === 'take' || line.owner === 'share')
      .flatMap((line) => line.hub.map((slot) => ({ member, line, path: slot.path.text }))),
  );
  for (const [i, claim] of claims.entries()) {
    const other = claims
      .slice(0, i)
      .find(
        (each) =>
          each.member !== claim.member && (each.line.owner === 'take' || claim.line.owner === 'take') && overlap(each.path, claim.path),
      );
    if (other === undefined) continue;
    const id = other.member.source.node.id.text;
    notes.error(
      claim.line.node.spot,
      'two-owners',
      `Trường "${claim.path}" đã do ${id} làm chủ.`,
      `Field "${claim.path}" is already owned by ${id}.`,
    );
  }
}

const overlap = (a: string, b: string): boolean => isWithin(a, b) || isWithin(b, a);

/** Results exist where their own system takes them; nobody else writes there, nobody reads what is not taken. */
function checkResults(members: readonly Member[], notes: Notes): void {
  const taken = new Set<string>();
  for (const member of members) {
    const own = `results.${systemOf(member)}`;
    for (const line of member.built.plain) {
      for (const slot of line.owner === 'take' ? line.hub : []) {
        if (!isWithin(slot.path.text, 'results')) continue;
        if (isWithin(slot.path.text, own) && slot.path.text !== own) taken.add(slot.path.text);
        else unknown(notes, line.node.spot, slot.path.text);
      }
    }
  }
  const read = (path: string, spot: Spot): void => {
    if (isWithin(path, 'results') && ![...taken].some((each) => overlap(each, path))) unknown(notes, spot, path);
  };
  for (const member of members) {
    for (const need of member.source.node.needs) read(need.path.text, need.spot);
    for (const line of member.built.plain) {
      for (const guard of line.node.when) read(guard.path.text, guard.spot);
      if (line.owner !== 'take') for (const slot of line.hub) read(slot.path.text, line.node.from.spot);
    }
  }
}

const unknown = (notes: Notes, spot: Spot, path: string): void =>
  notes.error(spot, 'unknown-path', `Không hệ thống nào trả về "${path}".`, `No system gives "${path}".`);
