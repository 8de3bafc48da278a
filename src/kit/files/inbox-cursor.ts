import { z } from 'zod';

/** Where the engine stands in the files of one folder: the file last read, and the next row of it. */
export interface InboxCursor {
  readonly name: string;
  /** sha256 of its content; null for one that was too large to read. */
  readonly hash: string | null;
  readonly next: number | 'end';
  /** The file was refused as a whole. */
  readonly refused?: boolean | undefined;
}

const shape = z.strictObject({
  name: z.string(),
  hash: z.string().nullable(),
  next: z.union([z.int().min(0), z.literal('end')]),
  refused: z.boolean().optional(),
});

/** A cursor that is none of ours begins anew: files may be read twice, none is passed over. */
export function readCursor(
  text: string | null,
): (InboxCursor & { readonly next: 'end' }) | (InboxCursor & { readonly next: number }) | null {
  if (text === null || text === '') return null;
  try {
    const read = shape.safeParse(JSON.parse(text));
    if (!read.success) return null;
    const { next, ...rest } = read.data;
    return next === 'end' ? { ...rest, next } : { ...rest, next };
  } catch {
    return null;
  }
}

export const cursorText = ({ name, hash, next, refused }: InboxCursor): string =>
  JSON.stringify({ name, hash, next, ...(refused === true ? { refused } : {}) });
