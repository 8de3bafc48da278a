import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { HOUSE } from '../../src/config.ts';

/** Invented dossiers without end: the demo's own, each with a code and a name of its own. */

export type Kind = 'birth' | 'death' | 'marriage';

export interface Invented {
  readonly code: string;
  readonly kind: Kind;
  readonly body: Readonly<Record<string, unknown>>;
  /** By which fields the ministry knows one record from another, in its own words. */
  readonly natural: Readonly<Record<string, string>>;
  /** How often a clerk typed it at the ministry before it was entered at the one-stop. */
  readonly typed: 0 | 1 | 2;
  /** It came through the linked service, which is owed each step. */
  readonly linked: boolean;
}

/** Demo dossiers that go from sent to issued without a question. */
const PLAIN = ['0001', '0002', '0003', '0005', '0007', '0101', '0102', '0103', '0201', '0202'];

const person = z.looseObject({ fullName: z.string() });
const shape = z.looseObject({
  code: z.string(),
  form: z.string(),
  data: z.looseObject({
    registration: z.looseObject({ office: z.looseObject({ ward: z.string() }) }),
    child: person.extend({ birthDate: z.iso.date() }).optional(),
    deceased: person.optional(),
    death: z.looseObject({ date: z.iso.date() }).optional(),
    wife: person.optional(),
    husband: person.optional(),
  }),
});
type Template = z.infer<typeof shape>;

const templates: readonly Template[] = readFileSync(join(HOUSE, 'config/demo/civil-status/dossiers.ndjson'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => shape.parse(JSON.parse(line)))
  .filter(({ code }) => PLAIN.some((end) => code.endsWith(`-${end}`)));

const SYLLABLES = ['An', 'Bình', 'Chi', 'Dung', 'Giang', 'Hà', 'Khuê', 'Lam', 'Minh', 'Nhi', 'Oanh', 'Phong'];

/** Three syllables that no other number below 1,728 has. */
const nameOf = (n: number): string => [n % 12, Math.floor(n / 12) % 12, Math.floor(n / 144) % 12].map((at) => SYLLABLES[at]).join(' ');

/** The n-th dossier, n from 0. */
export function invented(n: number, typed: 0 | 1 | 2): Invented {
  const template = templates[n % templates.length];
  if (template === undefined) throw new Error('the demo has none of the plain dossiers');
  const { nationalCode, ...head } = structuredClone(template);
  const data = renamed(head.data, nameOf(n));
  const serial = String(n + 1).padStart(4, '0');
  const code = `H12.31-261120-${serial}`;
  // What was typed by hand at the ministry did not come through the linked service, so it has no national code.
  const national = nationalCode === undefined || typed > 0 ? {} : { nationalCode: `G15.99-20261120-${serial.padStart(7, '0')}` };
  const kind = z.enum(['birth', 'death', 'marriage']).parse(template.form.split('@')[0]);
  return { code, kind, typed, linked: 'nationalCode' in national, body: { ...head, code, ...national, data }, natural: naturalOf(data) };
}

function renamed(data: Template['data'], name: string): Template['data'] {
  const named = <T extends { readonly fullName: string }>(one: T): T => ({ ...one, fullName: `${one.fullName} ${name}` });
  return {
    ...data,
    ...(data.child === undefined ? {} : { child: named(data.child) }),
    ...(data.deceased === undefined ? {} : { deceased: named(data.deceased) }),
    ...(data.husband === undefined ? {} : { husband: named(data.husband) }),
  };
}

const written = (date: string): string => date.split('-').reverse().join('.');

function naturalOf({ registration, child, deceased, death, wife, husband }: Template['data']): Readonly<Record<string, string>> {
  const noiDangKy = registration.office.ward;
  if (child !== undefined) return { nksHoTen: child.fullName, nksNgaySinh: written(child.birthDate), noiDangKy };
  if (deceased !== undefined && death !== undefined) return { nktHoTen: deceased.fullName, nktNgayChet: written(death.date), noiDangKy };
  if (wife === undefined || husband === undefined) throw new Error('a dossier of no known kind');
  return { voHoTen: wife.fullName, chongHoTen: husband.fullName, noiDangKy };
}
