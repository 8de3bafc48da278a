import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/kit/index.ts';
import { mapping, outwards, side } from '../mappings/book.ts';
import { call, startWorld, type World } from './world.ts';

/**
 * Dossiers of every shape go through mapping and adapter over the wire to the simulated office and come back by a look-up.
 * `MOTLAN_ROUND_TRIPS=1000` runs the long one.
 */
const ROUND_TRIPS = Number(process.env.MOTLAN_ROUND_TRIPS ?? 60);
const SEED = 20_261_124;
/** A day on which the one known unit code of the tax office is still valid. */
const DAY = '2025-06-01';

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));
const WORDS = [
  'Nguyễn',
  'Trần',
  'Thị',
  'Văn',
  'Mẫu',
  'Ví',
  'Dụ',
  'Hòa',
  'Đào',
  'Ỷ',
  'Thử',
  "O'Mẫu",
  'A & B',
  '<Mẫu>',
  'Ðặng',
  'Hòa Hải'.normalize('NFD'),
];
const words = (most: number) =>
  fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 6 }).map((list) => list.join(' ').slice(0, most).trim());
const day = fc
  .date({ min: new Date('1920-01-01'), max: new Date('2025-05-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const month = day.map((date) => date.slice(0, 7));
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const kinds = ['personal-id-card', 'passport', 'laissez-passer', 'border-id-card', 'other'];
const taxCode = fc.oneof(digits(12), fc.constantFrom('9912345671', '9912345600', '9912345671-001'));
const phone = digits(9).map((rest) => `0${rest}`);
/** HCM has a code and a name; the old wards of Cà Mau have names. */
const place = (abroad: boolean, wards: readonly string[]) =>
  fc
    .record(
      {
        province: fc.constantFrom(...(wards.length > 0 ? ['96', '95', '79'] : ['79'])),
        detail: words(200),
        ward: fc.constantFrom(...wards, undefined),
        ...(abroad ? { country: fc.constantFrom('VN', 'US', 'KH') } : {}),
      },
      { requiredKeys: [] },
    )
    .map((given) => (given.province === undefined ? { detail: given.detail } : { ...given, wardVersion: 'old' }));
const papers = fc.uniqueArray(
  fc.record({ kind: fc.constantFrom(...kinds), number: digits(9), date: optional(day), place: optional(words(100)) }),
  { maxLength: 4, selector: ({ number }) => number },
);
const registration = fc.record({
  date: day,
  signer: optional(words(60)),
  taxOffice: optional(fc.record({ code: digits(5), name: words(100) })),
});
const WARDS = ['31819', '31825', '32020', '32191', '32041'];

const FORMS: Readonly<Record<string, fc.Arbitrary<object>>> = {
  'first-tax-code': fc.record({
    registration: registration.chain((given) => fc.boolean().map((byPost) => ({ ...given, byPost }))),
    person: fc.record({
      ...{
        fullName: words(90),
        birthDate: day,
        sex: fc.constantFrom('male', 'female'),
        nationality: optional(fc.constantFrom('VN', 'US', 'LA')),
      },
      ...{
        livesAbroad: optional(fc.boolean()),
        papers: optional(papers),
        residence: optional(place(true, [])),
        currentResidence: optional(place(true, [])),
      },
      ...{
        phone: optional(phone),
        email: optional(fc.constant('mau@example.invalid')),
        payer: optional(fc.record({ name: words(100), taxCode })),
      },
    }),
  }),
  'business-tax': fc.record({
    registration,
    business: fc.record({
      ...{
        isHousehold: optional(fc.boolean()),
        isIndividual: optional(fc.boolean()),
        isBorderIndividual: optional(fc.boolean()),
        shopName: optional(words(100)),
      },
      ...{
        address: optional(place(false, WARDS)),
        noticeAddress: optional(place(false, WARDS)),
        phone: optional(phone),
        email: optional(fc.constant('ho@example.invalid')),
      },
      ...{ mainLine: optional(words(200)), startDate: day, byDeclaration: optional(fc.boolean()), byPresumption: optional(fc.boolean()) },
    }),
    owner: fc.record({
      ...{
        fullName: words(90),
        birthDate: day,
        sex: fc.constantFrom('male', 'female'),
        nationality: optional(fc.constantFrom('VN', 'KH')),
      },
      ...{ personalId: optional(digits(12)), formerPersonalId: optional(fc.oneof(digits(9), digits(12))), papers: optional(papers) },
      ...{ residence: optional(place(false, WARDS)), currentResidence: optional(place(false, WARDS)), phone: optional(phone) },
    }),
  }),
  dependant: fc.record({
    registration,
    taxpayer: fc.record({ fullName: words(90), taxCode }),
    dependants: fc.uniqueArray(
      fc.record({
        ...{
          personalId: digits(12),
          fullName: words(90),
          birthDate: day,
          nationality: optional(fc.constantFrom('VN', 'LA')),
          formerTaxCode: optional(taxCode),
        },
        ...{
          passport: optional(fc.record({ number: digits(8), date: optional(day), place: optional(words(60)) })),
          relation: optional(words(50)),
        },
        ...{
          residence: optional(place(false, WARDS)),
          currentResidence: optional(place(false, WARDS)),
          deductionFrom: optional(month),
          deductionUntil: optional(month),
        },
      }),
      { minLength: 1, maxLength: 4, selector: ({ personalId }) => personalId },
    ),
  }),
};

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

describe.each(Object.keys(FORMS))('a dossier of %s', (kind) => {
  test(`goes out over the wire and comes back as it went, ${ROUND_TRIPS} times`, { timeout: 600_000 }, async () => {
    const of = mapping('tax', kind);
    const form = FORMS[kind];
    const verbs = world.kind(kind);
    if (form === undefined || verbs.create === undefined || verbs.read === undefined) throw new Error('a form, a create and a read');
    const dossiers = fc
      .sample(form, { numRuns: ROUND_TRIPS, seed: SEED })
      .map((data, n): JsonObject => ({ ...(JSON.parse(JSON.stringify(data)) as JsonObject), code: `H12.31-250601-${n}-${kind.length}` }));
    let lines = 0;
    for (const document of dossiers) {
      const { record, problems } = outwards(of, document, DAY);
      expect(problems, 'a generated dossier is right').toEqual([]);
      const key = String(document.code);
      expect(await verbs.create.run({ key, record, files: [] }, call())).toMatchObject({ is: 'done' });
    }
    for (let from = 0; from < dossiers.length; from += verbs.read.most) {
      const some = dossiers.slice(from, from + verbs.read.most);
      const seen = await verbs.read.run(
        some.map(({ code }) => String(code)),
        call(),
      );
      for (const document of some) lines += equalLines(of, document, seen.get(String(document.code)));
    }
    expect(lines).toBeGreaterThan(ROUND_TRIPS * 8);
  });
});

/** Every line we own is stated back equal, without a loss; gives how many hold a value. */
function equalLines(
  of: ReturnType<typeof mapping>,
  document: JsonObject,
  sighting: { readonly record: JsonObject; readonly covers: 'all' | readonly string[] } | null | undefined,
): number {
  if (sighting === null || sighting === undefined) throw new Error('what was sent is not there');
  const hub = side(document, DAY);
  expect(of.losses(hub)).toEqual([]);
  const ours = [...of.ours(hub)].filter(([id]) => of.rule(id).owner === 'give');
  const theirs = of.theirs(sighting.record, sighting.covers);
  const differing = ours
    .filter(([id, value]) => !of.equal(id, value, theirs.get(id) ?? of.unlisted(id, sighting.covers)))
    .map(([id]) => id);
  expect(differing).toEqual([]);
  const strangers = [...theirs].filter(([id, value]) => value.is === 'value' && of.rule(id).owner === 'give' && !of.ours(hub).has(id));
  expect(strangers.map(([id]) => id)).toEqual([]);
  return ours.filter(([, value]) => value.is === 'value').length;
}
