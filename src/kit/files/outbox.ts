import { createHash } from 'node:crypto';
import { type FilePlace, fileName, goOn, partName, placeTrouble } from './place.ts';

/** Files for a system: under a name that nobody reads until they are whole, and each name once, whatever breaks in between. */
export interface Outbox {
  /**
   * Puts a file in place. `already` when a file of this name was put before, also when the system took it away since.
   * Broken off at any point, the same call again ends what was begun.
   */
  put(name: string, bytes: Uint8Array, signal: AbortSignal): Promise<'done' | 'already'>;
  /** Whether a file of this name was put, and whether it still waits to be taken. */
  look(name: string, signal: AbortSignal): Promise<'none' | 'waiting' | 'taken'>;
}

export interface OutboxOptions {
  readonly place: FilePlace;
  readonly folder: string;
  /** Our own folder, which the system leaves alone: what was sent. */
  readonly sent: string;
  /** Where the system reads a file only once an empty one of the same name with this ending stands beside it. */
  readonly marker?: string;
}

const MOST_MARK_BYTES = 1_000;
/** From the note on, the file is on its way: stopping half-way would only leave it to the next call. */
const NEVER = new AbortController().signal;

export function openOutbox(options: OutboxOptions): Outbox {
  const { place, folder, sent, marker } = options;
  const placed = (name: string) => `${folder}/${name}`;
  const note = (name: string) => `${sent}/${name}`;
  const isSent = async (name: string, signal: AbortSignal) => (await place.read(note(name), MOST_MARK_BYTES, signal)) !== null;

  /** Ends what a note promises. */
  const finish = async (name: string): Promise<boolean> => {
    const moved = await place.move(placed(partName(name)), placed(name), NEVER);
    if (marker !== undefined && (await place.look(placed(name), NEVER)) !== null)
      await writeWhole(place, folder, `${name}${marker}`, new Uint8Array());
    return moved;
  };

  return {
    put: async (given, bytes, signal) => {
      goOn(signal);
      const name = fileName(given);
      if (await isSent(name, signal)) return (await finish(name)) ? 'done' : 'already';
      if ((await place.look(placed(name), signal)) !== null) throw placeTrouble('exists');
      await place.makeFolder(sent, signal);
      await place.write(placed(partName(name)), bytes, signal);
      // The note stands before the file can be seen: whoever finds the note and no part knows that the file went out.
      await writeWhole(place, sent, name, Buffer.from(createHash('sha256').update(bytes).digest('hex'), 'utf8'), signal);
      await finish(name);
      return 'done';
    },
    look: async (given, signal) => {
      const name = fileName(given);
      if ((await place.look(placed(name), signal)) !== null) return 'waiting';
      return (await isSent(name, signal)) ? 'taken' : 'none';
    },
  };
}

/** A file is seen under its name only once all of it is there. */
export async function writeWhole(
  place: FilePlace,
  folder: string,
  name: string,
  bytes: Uint8Array,
  signal: AbortSignal = NEVER,
): Promise<void> {
  await place.write(`${folder}/${partName(name)}`, bytes, signal);
  await place.move(`${folder}/${partName(name)}`, `${folder}/${name}`, signal);
}
