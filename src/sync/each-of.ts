/** Runs `work` for each item, at most `concurrent` at a time, in order of start. The first error ends it, after those in flight. */
export async function eachOf<T>(items: readonly T[], concurrent: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(Math.max(1, concurrent), items.length) }, worker));
}
