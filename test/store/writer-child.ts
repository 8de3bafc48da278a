import { writeSync } from 'node:fs';
import { openStore } from '../../src/store/index.ts';
import { auditOf, codeOf, dossierOf, linkOf, ports } from './given.ts';

/** Writes dossiers without end, eight at a time, and names each on standard output once it is durable. Made to be killed. */

const [file = '', round = '0'] = process.argv.slice(2);
const { gather: _, ...rest } = ports();
const store = await openStore({ engine: { kind: 'sqlite', file }, ...rest });
let next = Number(round) * 10_000;

async function writeOn(): Promise<void> {
  for (;;) {
    const code = codeOf(next);
    next += 1;
    await store.write(async (tx) => {
      await tx.dossiers.insert(dossierOf(code), []);
      await tx.links.insert(linkOf(code));
      await tx.audit.append([auditOf(code, 'intake')]);
    });
    writeSync(1, `${code}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, writeOn));
