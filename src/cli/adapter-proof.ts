import { listAdapters, loadAdapter, loadFixture } from '../kit/load.ts';
import { type PartProof, partsOf, provePart } from '../kit/proof/prove.ts';
import { type Asked, OK, WRONG } from './asked.ts';
import { plain } from './screen.ts';

/** `adapter check` without a system: the contract suite over every adapter and its own simulator, declared against proved. */

interface AdapterProof {
  readonly name: string;
  readonly parts: readonly PartProof[];
  /** Without a simulator or samples nothing can be proved. */
  readonly isWhole: boolean;
}

/** `only` null = all there are. Ends with 1 where anything that is declared was not proved. */
export async function proveAdapters(asked: Asked, folders: readonly string[], only: string | null): Promise<number> {
  const names = listAdapters(folders).flatMap(({ name }) => (only === null || name === only ? [name] : []));
  const proofs: AdapterProof[] = [];
  for (const name of names) {
    const proof = await proveOne(folders, name);
    proofs.push(proof);
    show(asked, proof);
  }
  asked.screen.data(proofs.map(dataOf));
  const wrong = proofs.filter((proof) => !isGreen(proof)).map(({ name }) => name);
  asked.screen.say(
    wrong.length === 0
      ? {
          vi: `✓ ${proofs.length} bộ kết nối: mọi điều đã khai đều được chứng minh.`,
          en: `${proofs.length} adapters: all that is declared is proved.`,
        }
      : { vi: `✗ Chưa chứng minh đủ: ${wrong.join(', ')}.`, en: `Not all is proved: ${wrong.join(', ')}.` },
  );
  return wrong.length === 0 ? OK : WRONG;
}

async function proveOne(folders: readonly string[], name: string): Promise<AdapterProof> {
  const loaded = await loadAdapter(folders, name);
  const fixture = await loadFixture(loaded.folder);
  const { start } = loaded;
  if (start === null || fixture === null) return { name, parts: [], isWhole: false };
  const parts: PartProof[] = [];
  for (const part of partsOf(fixture)) parts.push(await provePart({ loaded, start, fixture }, part));
  return { name, parts, isWhole: true };
}

const isGreen = ({ parts, isWhole }: AdapterProof): boolean =>
  isWhole && parts.every(({ unproved, failures, unlike }) => unproved.length + failures.length + unlike.length === 0);

function show({ screen }: Asked, proof: AdapterProof): void {
  const { name, parts, isWhole } = proof;
  screen.say(plain(`\n${isGreen(proof) ? '✓' : '✗'} ${name}: ${parts.map(({ part }) => part.label).join(', ')}`));
  if (!isWhole) screen.say({ vi: '  Thiếu mô phỏng hoặc bản ghi mẫu.', en: 'It has no simulator, or no sample records.' });
  screen.table(
    ['đã khai · declared', 'số · times', 'đã chứng minh · proved', 'không thể · cannot be, why'],
    rowsOf(parts).map(({ trait, declared, proved, why }) => [trait, String(declared), String(proved), why.join('; ')]),
  );
  for (const { part, failures, unproved, unlike, alike } of parts) {
    for (const { check, found } of failures) screen.say(plain(`  ✗ ${part.label}: ${check}: ${found}`));
    if (unproved.length > 0)
      screen.say({
        vi: `  ✗ ${part.label}: khai mà chưa chứng minh: ${unproved.join(', ')}`,
        en: `${part.label}: declared, not proved: ${unproved.join(', ')}`,
      });
    if (alike.length > 0)
      screen.say({
        vi: `  Khai và viết như ${part.label}: ${alike.join(', ')}`,
        en: `Declared and built like ${part.label}: ${alike.join(', ')}`,
      });
    if (unlike.length > 0)
      screen.say({ vi: `  ✗ Không có bản ghi mẫu: ${unlike.join(', ')}`, en: `No sample records: ${unlike.join(', ')}` });
  }
}

interface TraitRow {
  readonly trait: string;
  readonly declared: number;
  readonly proved: number;
  readonly why: readonly string[];
}

/** One row a trait, over all kinds and ways of the adapter. */
function rowsOf(parts: readonly PartProof[]): readonly TraitRow[] {
  const all = parts.flatMap(({ capabilities, proved, excused }) =>
    capabilities.map(({ name, trait }) => ({ trait, isProved: proved.has(name), why: excused.get(name)?.vi })),
  );
  return [...new Set(all.map(({ trait }) => trait))].map((trait) => {
    const mine = all.filter((one) => one.trait === trait);
    const why = [...new Set(mine.flatMap((one) => one.why ?? []))];
    return { trait, declared: mine.length, proved: mine.filter(({ isProved }) => isProved).length, why };
  });
}

const dataOf = (proof: AdapterProof) => ({
  name: proof.name,
  ok: isGreen(proof),
  parts: proof.parts.map(({ part, capabilities, proved, excused, unproved, alike, unlike, failures, reports }) => ({
    part: part.label,
    declared: capabilities.map(({ name }) => name),
    proved: capabilities.flatMap(({ name }) => (proved.has(name) ? [name] : [])),
    cannotBe: Object.fromEntries(excused),
    ...{ unproved, alike, unlike, failures, reports },
  })),
});
