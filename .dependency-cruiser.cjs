/** Imports run one way (design §3): model ← kit, mapping, store, intake ← sync ← http, cli ← main. */
const rule = (name, from, to) => ({ name, severity: 'error', from, to });
const src = (...rooms) => `^src/(${rooms.join('|')})`;

/** What stands on the engine and puts the house together; nothing below may look up to it. */
const ABOVE = ['http/', 'cli', 'demo/', 'assemble', 'config', 'log', 'simulation/', 'main'];

/** A room that stands on the model alone. */
const knowsModelOnly = (room, others) =>
  rule(`${room}-knows-model`, { path: src(`${room}/`) }, { path: src(...others.map((other) => `${other}/`), 'sync/', ...ABOVE) });

module.exports = {
  forbidden: [
    rule('no-circles', {}, { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }),
    rule('nothing-unresolved', {}, { couldNotResolve: true }),
    rule('src-never-imports-tests', { path: '^(src|adapters)/' }, { path: '^test/' }),
    rule('no-development-packages', { path: '^(src|adapters)/' }, { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] }),
    rule('model-imports-nothing', { path: src('model/') }, { pathNot: src('model/') }),
    knowsModelOnly('kit', ['mapping', 'store', 'intake']),
    knowsModelOnly('mapping', ['kit', 'store', 'intake']),
    knowsModelOnly('store', ['kit', 'mapping', 'intake']),
    knowsModelOnly('intake', ['kit', 'mapping', 'store']),
    rule('sync-stands-on-the-three', { path: src('sync/') }, { path: src('intake/', ...ABOVE) }),
    rule('http-knows-no-house', { path: src('http/') }, { path: src('cli', 'demo/', 'assemble', 'config', 'simulation/', 'main') }),
    rule('commands-are-the-top', { path: '^(src/(http|assemble|demo)|adapters)' }, { path: src('cli', 'main') }),
    rule('the-product-runs-without-its-proofs', { path: '^(src|adapters)/', pathNot: src('simulation/', 'cli/proving') }, { path: src('simulation/') }),
    rule('no-room-imports-an-adapter', { path: '^src/' }, { path: '^adapters/' }),
    rule('adapters-know-the-kit-only', { path: '^adapters/' }, { path: '^src/', pathNot: '^src/kit/index\\.ts$' }),
    rule('adapters-are-strangers', { path: '^adapters/([^/]+)/' }, { path: '^adapters/', pathNot: '^adapters/$1/' }),
    // Real time and chance are chosen where the house is put together, and by a simulator that runs as a process of its own.
    rule(
      'real-time-comes-in-as-a-port',
      { path: '^(src|adapters)/', pathNot: '^src/(assemble\\.ts|bench/|kit/simulator-process\\.ts)' },
      { path: '^src/ports\\.ts$' },
    ),
    rule('http-clients-live-in-kit', { path: '^(src|adapters)/', pathNot: src('kit/') }, { path: 'node_modules/(axios|p-retry|p-queue|cockatiel)/' }),
    rule('sql-lives-in-store', { path: '^(src|adapters)/', pathNot: src('store/') }, { path: 'node_modules/(kysely|pg|better-sqlite3)/' }),
    rule('web-framework-lives-in-http', { path: '^(src|adapters)/', pathNot: src('http/') }, { path: 'node_modules/(fastify|@fastify|fastify-type-provider-zod)/' }),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
