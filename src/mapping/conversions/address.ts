import type { Json, JsonObject } from '../../model/json.ts';
import { ABSENT, type LineValue, value } from '../../model/line-value.ts';
import type { HubSide } from '../contract.ts';
import { below, isObject, type Path, parsePath } from '../paths.ts';
import type { Argument, FieldArgument } from '../pipe.ts';
import { invalid, sentence } from '../tell.ts';
import {
  type Conversion,
  type Finding,
  finding,
  type HubPart,
  isFinding,
  type Ready,
  type RecordPart,
  type Sides,
  type World,
  wrongArgument,
} from './contract.ts';

const NOT_ADDRESS = invalid(sentence('address.type', 'Địa chỉ không đúng dạng.', 'The address does not have the agreed shape.'));
const EXAMPLE = 'address({maTinh = province, maXa = ward | code(ward), dcChiTiet = detail})';

export type Chain = (calls: NonNullable<FieldArgument['pipe']>['calls'], world: World) => Ready | Finding;

interface Member {
  readonly name: string;
  readonly record: RecordPart;
  readonly hub: readonly HubPart[];
  readonly hubText: string;
  readonly ready: Ready;
}

/**
 * `address({record field = hub sub-path | conversions, …})`: one value of several fields on both sides.
 * `chain` makes a member's own conversions ready.
 */
export const addressWith = (chain: Chain): Conversion => ({
  name: 'address',
  example: EXAMPLE,
  prepare(args, world) {
    const members = readMembers(args, world, chain);
    if (!Array.isArray(members)) return members as Finding;
    return build(members as readonly Member[]);
  },
});

function readMembers(args: readonly Argument[], world: World, chain: Chain): readonly Member[] | Finding {
  const [fields] = args;
  if (args.length !== 1 || fields?.is !== 'fields') return wrongArgument(EXAMPLE);
  const members: Member[] = [];
  for (const field of fields.fields) {
    const rooted = field.name.startsWith('/');
    const path = parsePath(rooted ? field.name.slice(1) : field.name);
    const from = field.pipe?.path ?? null;
    if (path === null || field.pipe === null || from === null) return wrongArgument(EXAMPLE);
    const ready = chain(field.pipe.calls, { ...world, hub: null, record: null });
    if (isFinding(ready)) return ready;
    if (ready.recordParts !== undefined || ready.isFile === true || ready.isKey === true) return wrongArgument(EXAMPLE);
    const own: HubPart = { where: field.pipe.rooted ? 'root' : 'below', path: from };
    const hub = ready.hubParts === undefined ? [own] : ready.hubParts.map((part) => memberPart(part, own));
    members.push({ name: path.text, record: { where: rooted ? 'root' : 'below', path }, hub, hubText: from.text, ready });
  }
  return members.length === 0 ? wrongArgument(EXAMPLE) : members;
}

/** A part of a member's conversion, seen from the address. */
function memberPart(part: HubPart, own: HubPart): HubPart {
  if (part.where === 'root' || own.path === null) return part;
  if (part.where === 'self' || part.path === null) return own;
  const parent: Path | null = own.path.steps.length === 1 ? null : { text: '', steps: own.path.steps.slice(0, -1) };
  const base = part.where === 'below' ? own.path : parent;
  const path = base === null ? part.path : below({ text: base.steps.map((step) => step.name).join('.'), steps: base.steps }, part.path);
  return { where: own.where, path };
}

function build(members: readonly Member[]): Ready {
  const hubParts = members.flatMap((member) => member.hub);
  const spans = members.map((member, i) => ({ member, at: members.slice(0, i).reduce((sum, each) => sum + each.hub.length, 0) }));
  const outward = (of: Json, side: HubSide, path: string): LineValue => {
    if (!Array.isArray(of)) return NOT_ADDRESS;
    const parts = of as readonly Json[];
    const written: { [name: string]: Json } = {};
    for (const { member, at } of spans) {
      const own = parts[at] ?? null;
      if (own === null || own === '') continue;
      const sent = member.hub.length === 1 ? own : parts.slice(at, at + member.hub.length);
      const found = member.ready.outward(sent, side, `${path}.${member.hubText}`);
      if (found.is === 'invalid') return found;
      if (found.is === 'value') written[member.name] = found.value;
    }
    return Object.keys(written).length === 0 ? ABSENT : value(written);
  };
  const inward = (of: Json, side: HubSide, path: string): LineValue => {
    if (!isObject(of)) return NOT_ADDRESS;
    const parts: Json[] = hubParts.map(() => null);
    for (const { member, at } of spans) {
      const stated = of[member.name];
      if (stated === undefined) continue;
      const found = member.ready.inward(stated, side, `${path}.${member.hubText}`);
      if (found.is === 'invalid') return found;
      if (found.is !== 'value') continue;
      const values = member.hub.length === 1 ? [found.value] : (found.value as readonly Json[]);
      for (const [i, each] of values.entries()) parts[at + i] = each;
    }
    return value(parts);
  };
  const normal = (of: Json): LineValue => {
    if (!isObject(of)) return NOT_ADDRESS;
    const stated: { [name: string]: Json } = {};
    for (const { member } of spans) {
      const own = of[member.name];
      if (own === undefined || own === null || own === '') continue;
      const found = member.ready.normal(own);
      if (found.is === 'invalid') return found;
      if (found.is === 'value') stated[member.name] = found.value;
    }
    return Object.keys(stated).length === 0 ? ABSENT : value(stated);
  };
  return {
    name: 'address',
    hubParts,
    recordParts: members.map((member) => member.record),
    spans: spans.map(({ member, at }) => ({ name: member.name, at, count: member.hub.length })),
    outward,
    inward,
    normal,
    check: (sides) => members.flatMap((member) => checkMember(member, sides)),
    explain: () => `địa chỉ gồm ${members.map((member) => `${member.name} (${member.ready.explain()})`).join(', ')}`,
    recordSamples: samples(members),
  };
}

function checkMember(member: Member, sides: Sides): readonly Finding[] {
  const [own] = member.hub;
  const hub = own === undefined ? undefined : sides.hubPart(own);
  const record = sides.recordPart(member.record);
  if (hub === undefined || record === undefined)
    return [
      finding(
        'unknown-path',
        `Không có trường "${member.name}" hoặc "${member.hubText}" trong địa chỉ.`,
        `The address has no field "${member.name}" or "${member.hubText}".`,
      ),
    ];
  return member.ready.check({ ...sides, hub, record });
}

/** Records of the members' own samples; members without samples stay away. */
function samples(members: readonly Member[]): readonly JsonObject[] {
  const rounds = [0, 1, 2, 3];
  return rounds.map((round) =>
    Object.fromEntries(
      members.flatMap((member) => {
        const own = member.ready.recordSamples ?? [`mẫu ${round}`];
        const sample = own[(round * 7) % Math.max(own.length, 1)];
        return sample === undefined || member.ready.recordSamples === undefined ? [] : [[member.name, sample]];
      }),
    ),
  );
}
