import { isTrouble, type Trouble } from './trouble.ts';

/**
 * Reads ids by one call each, for systems without a batch. One unreadable record spoils no other: its id is left out, which
 * means not answered; where nothing at all was read, the first trouble is thrown.
 */
export async function readOneByOne<T>(ids: readonly string[], look: (id: string) => Promise<T>): Promise<ReadonlyMap<string, T>> {
  const found = new Map<string, T>();
  const troubles: Trouble[] = [];
  for (const id of ids) {
    try {
      found.set(id, await look(id));
    } catch (error) {
      if (!isTrouble(error)) throw error;
      troubles.push(error);
    }
  }
  const [first] = troubles;
  if (found.size === 0 && first !== undefined) throw first;
  return found;
}
