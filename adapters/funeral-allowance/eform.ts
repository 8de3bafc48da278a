import { element, isTrouble, type Json, type JsonObject, Trouble, type XmlElement, xmlIn, xmlJson, xmlText } from '../../src/kit/index.ts';

/**
 * The e-form travels as XML text in `CertificateExtentData` (SOURCED TD). INFERENCE: its root is named like the form, and an
 * object such as `nktGioiTinh` is an element with elements in it.
 */
const ROOT = 'HoTroMaiTangPhi';

/** The form as one XML text, fields in the order of the record. */
export const writeForm = (form: JsonObject): string => xmlText(treeOf(ROOT, form), { declaration: false });

const treeOf = (name: string, object: JsonObject): XmlElement =>
  element(
    name,
    Object.entries(object).map(([inner, value]) => {
      if (value === undefined || value === null) return null;
      return isObject(value) ? treeOf(inner, value) : element(inner, [String(value)]);
    }),
  );

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The form out of its XML text. A document type, an element twice, or anything that is not this form is trouble of the record. */
export function readForm(xml: string): JsonObject {
  const form = treeIn(xml)[ROOT];
  if (!isObject(form) || !isPlain(form)) throw unreadable();
  return form;
}

function treeIn(xml: string): JsonObject {
  try {
    return xmlJson(xmlIn(xml, { mostDepth: 4 }));
  } catch (error) {
    if (isTrouble(error)) throw unreadable();
    throw error;
  }
}

/** Texts, and objects of texts: no element twice, none with attributes. */
const isPlain = (object: JsonObject): boolean =>
  Object.entries(object).every(
    ([name, value]) => /^[\p{L}_]/u.test(name) && (typeof value === 'string' || (isObject(value) && isPlain(value))),
  );

const unreadable = (): Trouble =>
  new Trouble({
    kind: 'unknown',
    scope: 'record',
    code: 'pull.form',
    vi: 'Tờ khai hỗ trợ mai táng phí trong câu trả lời không đọc được.',
    en: 'The funeral allowance form in the answer cannot be read.',
  });
