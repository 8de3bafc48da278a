import { register } from 'tsx/esm/api';

/** A worker thread begins without the loader of its parent: it is put in place before the TypeScript is asked for. */
register();
await import('./worker.ts');
