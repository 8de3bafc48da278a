import fc from 'fast-check';

/** Dossiers of the tax forms in every shape, with names and marks that XML minds. The office knows few units: those are used. */

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

export const TAX_FORMS: Readonly<Record<string, fc.Arbitrary<object>>> = {
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
