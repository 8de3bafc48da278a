import { expect, test } from 'vitest';
import { admissionOf } from '../../src/assemble/rules.ts';
import { parseDocument } from '../../src/intake/document.ts';
import { loadForms } from '../../src/intake/forms.ts';
import type { DossierDocument } from '../../src/sync/contract.ts';
import { IntakeRefused } from '../../src/sync/errors.ts';
import { birth, FORMS } from './given.ts';

/** A dossier that was read or heard from the one-stop meets the very rules of one pushed to the API. */

const forms = await loadForms(FORMS);
const admit = admissionOf(forms);
const read = parseDocument(birth(), forms);
if (!read.ok) throw new RangeError('the sample dossier is not valid');
const pushed = read.document;
const refusal = (document: DossierDocument): readonly string[] => {
  try {
    admit(document);
  } catch (error) {
    if (error instanceof IntakeRefused) return error.problems.map(({ path }) => path);
    throw error;
  }
  return [];
};

test('a dossier that is right is taken as it would have been from the API', () => {
  expect(admit(pushed)).toEqual(pushed);
});

test('what the one-stop did not state is not made up', () => {
  const { head } = pushed;
  expect(refusal({ ...pushed, head: { ...head, receivedAt: Number.NaN } })).toEqual(['receivedAt']);
  expect(refusal({ ...pushed, head: { ...head, status: Number.NaN as typeof head.status } })).toEqual(['status']);
  expect(refusal({ ...pushed, head: { ...head, procedure: '' } })).toEqual(['procedure']);
});

test('T13: text of before Unicode, and a field no form knows, are refused', () => {
  const { body } = pushed;
  expect(refusal({ ...pushed, body: { ...body, data: { ...body.data, khongCo: 'x' } } })).toEqual(['data.khongCo']);
  expect(refusal({ ...pushed, body: { ...body, applicant: { ...body.applicant, fullName: 'NguyÔn V¨n Thö' } } })).toEqual([
    'applicant.fullName',
  ]);
});
