import type { RecordKind } from '../kit/index.ts';
import type { Link, Store, Tx, Work } from '../store/contract.ts';
import type { EnginePorts, Spoke } from '../sync/contract.ts';

/**
 * The oracle is tested too: each of these takes one safety feature away from what the engine stands on. A simulation
 * that stays green under any of them would prove nothing.
 */
export type SabotageName = keyof typeof SABOTAGES;

type Sabotage = (ports: EnginePorts) => EnginePorts;

const withTx = (change: (tx: Tx) => Tx): Sabotage => {
  const around = (store: Store): Store => ({
    ...store,
    write: (work) => store.write((tx) => work(change(tx))),
    read: (work) => store.read((tx) => work(change(tx))),
  });
  return (ports) => ({ ...ports, store: around(ports.store) });
};

const withKinds = (change: (kind: RecordKind, spoke: Spoke) => RecordKind): Sabotage => {
  const around = (spoke: Spoke): Spoke => ({
    ...spoke,
    kinds: Object.fromEntries(Object.entries(spoke.kinds).map(([name, kind]) => [name, change(kind, spoke)])),
  });
  return (ports) => ({ ...ports, spokes: new Map([...ports.spokes].map(([name, spoke]) => [name, around(spoke)])) });
};

const without = <Name extends 'find' | 'changes' | 'list'>(kind: RecordKind, name: Name): RecordKind => {
  const { [name]: _, ...rest } = kind;
  return rest as RecordKind;
};

/** The attempt becomes a row only once its answer is there. */
const sendBeforeIntent = withTx((tx) => ({
  ...tx,
  attempts: {
    ...tx.attempts,
    insert: async (attempt) => {
      if (attempt.state !== 'open') await tx.attempts.insert(attempt);
    },
    save: async (attempt) => {
      const known = await tx.attempts.byId(attempt.id);
      await (known === null ? tx.attempts.insert(attempt) : tx.attempts.save(attempt));
    },
  },
}));

/** Nobody looks whether the record was typed by hand before creating it. */
const noLook = withKinds((kind) => without(kind, 'find'));

/** A lost write is thought to have landed at once or never. */
const noSettleWindow = withKinds((kind) => ({
  ...kind,
  readLagMs: 0,
  ...(kind.create === undefined ? {} : { create: { ...kind.create, landsWithinMs: 0 } }),
  ...(kind.update === undefined ? {} : { update: { ...kind.update, landsWithinMs: 0 } }),
}));

/** What was sent is not kept as the base of an adopted record. */
const noProvisionalBase = withTx((tx) => ({
  ...tx,
  bases: {
    ...tx.bases,
    save: async (code, base) => {
      if (!base.provisional) await tx.bases.save(code, base);
    },
  },
}));

/** What is about to be sent counts as agreed already. */
const baseBeforeReceipt = withTx((tx) => ({
  ...tx,
  attempts: {
    ...tx.attempts,
    insert: async (attempt) => {
      await tx.attempts.insert(attempt);
      const base = (await tx.bases.load([attempt.link])).get(attempt.link);
      if (base !== undefined) await tx.bases.save(attempt.code, { ...base, lines: new Map([...base.lines, ...attempt.sent.lines]) });
    },
  },
}));

/** An older holder of a link is never turned away: no lease ends, no fence is checked, and no row is compared with what it was. */
const noFencing: Sabotage = (ports) => {
  const read = new Map<string, Link>();
  const leaseless = (work: Work): Work => ({ ...work, leaseUntil: null });
  const work = (tx: Tx): Tx['work'] => ({
    ...tx.work,
    claim: async (...order) => (await tx.work.claim(...order)).map(leaseless),
    holds: async () => true,
    finish: async (row, end) => {
      await tx.work.finish(row, end);
      return true;
    },
  });
  const reading = (tx: Tx): Tx => ({
    ...tx,
    links: {
      ...tx.links,
      load: async (ids) => {
        const links = await tx.links.load(ids);
        for (const [id, link] of links) read.set(id, link);
        return links;
      },
    },
  });
  const writing = (tx: Tx): Tx => ({
    ...tx,
    work: work(tx),
    links: { ...tx.links, load: async (ids) => new Map([...(await tx.links.load(ids))].map(([id, link]) => [id, read.get(id) ?? link])) },
  });
  const { store } = ports;
  return {
    ...ports,
    store: { ...store, read: (run) => store.read((tx) => run(reading(tx))), write: (run) => store.write((tx) => run(writing(tx))) },
  };
};

/** Writes carry no condition. */
const noIfMatch = withKinds((kind) =>
  kind.update === undefined
    ? kind
    : {
        ...kind,
        update: {
          ...kind.update,
          run: (order, call) => kind.update?.run({ ...order, version: null }, call) ?? Promise.reject(new RangeError('no update')),
        },
      },
);

/** What no event told is never found: no change feed, no lists, no second look. */
const noResync: Sabotage = (ports) => {
  const quiet = withKinds((kind) => without(without(kind, 'changes'), 'list'))(ports);
  return { ...quiet, spokes: new Map([...quiet.spokes].map(([name, spoke]) => [name, { ...spoke, pollMs: 1e12 }])) };
};

/** Earlier agreed values are forgotten, so a restored backup looks like an edit. */
const noRing = withTx((tx) => ({
  ...tx,
  bases: { ...tx.bases, save: (code, base) => tx.bases.save(code, { ...base, ring: new Map() }) },
}));

export const SABOTAGES = {
  intent: sendBeforeIntent,
  look: noLook,
  'settle-window': noSettleWindow,
  'provisional-base': noProvisionalBase,
  'base-after-receipt': baseBeforeReceipt,
  fencing: noFencing,
  'if-match': noIfMatch,
  resync: noResync,
  ring: noRing,
} as const satisfies Readonly<Record<string, Sabotage>>;

export const SABOTAGE_NAMES = Object.keys(SABOTAGES) as readonly SabotageName[];

export const isSabotage = (name: string): name is SabotageName => name in SABOTAGES;
