/** Imports run one way (design §3): model ← kit, mapping, store ← sync ← http, cli ← main. */
const rule = (name, from, to) => ({ name, severity: 'error', from, to });
const src = (...rooms) => `^src/(${rooms.join('|')})`;

module.exports = {
  forbidden: [
    rule('no-circles', {}, { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }),
    rule('model-imports-nothing', { path: src('model/') }, { pathNot: src('model/') }),
    rule('kit-knows-model', { path: src('kit/') }, { path: src('mapping/', 'store/', 'sync/', 'http/', 'cli', 'demo', 'config', 'main') }),
    rule('mapping-knows-model', { path: src('mapping/') }, { path: src('kit/', 'store/', 'sync/', 'http/', 'cli', 'demo', 'config', 'main') }),
    rule('store-knows-model', { path: src('store/') }, { path: src('kit/', 'mapping/', 'sync/', 'http/', 'cli', 'demo', 'config', 'main') }),
    rule('sync-stands-on-the-three', { path: src('sync/') }, { path: src('http/', 'cli', 'demo', 'config', 'main') }),
    rule('sync-never-imports-an-adapter', { path: '^src/(sync|mapping|store|model|kit|http)/' }, { path: '^adapters/' }),
    rule('adapters-know-the-kit-only', { path: '^adapters/' }, { path: '^src/', pathNot: '^src/kit/index\\.ts$' }),
    rule('adapters-are-strangers', { path: '^adapters/([^/]+)/' }, { path: '^adapters/', pathNot: '^adapters/$1/' }),
    rule('http-clients-live-in-kit', { path: '^src/', pathNot: src('kit/') }, { path: 'node_modules/(axios|p-retry|p-queue)' }),
    rule('sql-lives-in-store', { path: '^(src|adapters)/', pathNot: src('store/') }, { path: 'node_modules/(kysely|pg|better-sqlite3)' }),
    rule('web-framework-lives-in-http', { path: '^src/', pathNot: src('http/') }, { path: 'node_modules/(fastify|@fastify)' }),
  ],
  options: { tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, doNotFollow: { path: 'node_modules' } },
};
