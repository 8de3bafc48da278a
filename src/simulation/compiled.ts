import { build } from '../mapping/build.ts';
import { compile } from '../mapping/compile.ts';
import type { Mapping } from '../mapping/contract.ts';
import { readField } from '../mapping/fields.ts';
import { readForm } from '../mapping/hub-fields.ts';
import { readMapping } from '../mapping/syntax.ts';
import { notes } from '../mapping/tell.ts';
import { FORM, MAPPING_TEXTS, SCHEMAS } from './language.ts';
import { linesOf, type SimSystem } from './lines.ts';

/** The simulated province's mappings, compiled by the real language; `upper` are the ministries that keep names in capitals. */
export const compileMappings = (upper: ReadonlySet<SimSystem>): readonly Mapping[] => {
  const found = notes();
  const form = readForm('permit@1', JSON.stringify(FORM), FORM, { type: 'object', properties: {} });
  const systems = Object.keys(SCHEMAS) as SimSystem[];
  const mappings = systems.flatMap((system) => {
    const text = MAPPING_TEXTS[`${system}/file.yaml`];
    const node = readMapping(text, `${system}/file.yaml`, found);
    if (node === null) return [];
    const source = { node, form, record: readField(SCHEMAS[system]), crosswalks: new Map() };
    const name = linesOf(system).find((line) => line.path === 'name')?.field ?? '';
    const normalises = upper.has(system) ? { [name]: 'upper' as const } : {};
    return [compile({ source, built: build(source, found), text, recordText: JSON.stringify(SCHEMAS[system]), normalises }).mapping];
  });
  const wrong = found.all.find((note) => note.severity === 'error');
  if (wrong !== undefined) throw new Error(`${wrong.file}:${wrong.line}:${wrong.column} ${wrong.code}: ${wrong.en}`);
  return mappings;
};
