import type { EngineEvent } from '../sync/contract.ts';

/** Engine events on their way to those who watch; a watcher that reads too slowly is cut off, never waited for. */

export interface FeedItem {
  readonly id: number;
  readonly event: EngineEvent;
}

export interface EventFeed {
  tell(event: EngineEvent): void;
  /** Items after `afterId` that are still kept, then everything new, until `signal` aborts or the watcher falls behind. */
  watch(afterId: number | null, signal: AbortSignal): AsyncIterable<FeedItem>;
  watchers(): number;
}

const KEPT = 1000;
const MOST_BEHIND = 1000;

/** A feed in memory that keeps the last thousand events for watchers who come back. */
export function openFeed(): EventFeed {
  const kept: FeedItem[] = [];
  const listeners = new Set<(item: FeedItem) => void>();
  let lastId = 0;
  return {
    tell(event) {
      lastId += 1;
      const item = { id: lastId, event };
      kept.push(item);
      if (kept.length > KEPT) kept.shift();
      for (const listener of listeners) listener(item);
    },
    watch: (afterId, signal) => follow({ backlog: afterId === null ? [] : kept.filter(({ id }) => id > afterId), listeners, signal }),
    watchers: () => listeners.size,
  };
}

interface Watch {
  readonly backlog: readonly FeedItem[];
  readonly listeners: Set<(item: FeedItem) => void>;
  readonly signal: AbortSignal;
}

async function* follow({ backlog, listeners, signal }: Watch): AsyncGenerator<FeedItem> {
  const queue: FeedItem[] = [...backlog];
  let wake: () => void = () => undefined;
  const listener = (item: FeedItem): void => {
    queue.push(item);
    wake();
  };
  const stop = (): void => wake();
  listeners.add(listener);
  signal.addEventListener('abort', stop, { once: true });
  try {
    while (!signal.aborted && queue.length <= MOST_BEHIND) {
      const item = queue.shift();
      if (item !== undefined) yield item;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    listeners.delete(listener);
    signal.removeEventListener('abort', stop);
  }
}
