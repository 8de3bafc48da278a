import { z } from 'zod';
import { secretText } from '../secret.ts';
import { openFolder } from './folder.ts';
import type { FilePlace } from './place.ts';
import { openSftp } from './sftp.ts';

/** Where files are exchanged, as a part of an adapter's config. */

const root = z.string().min(1).max(200);

/** A folder here (or mounted), or one at an SFTP server. */
export const placeSetting = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('folder'), root }),
  z.strictObject({
    kind: z.literal('sftp'),
    root,
    host: z.string().min(1),
    port: z.int().min(1).max(65_535).default(22),
    username: z.string().min(1),
    password: secretText,
    /** `SHA256:…`, pinned. */
    hostKey: z.string().startsWith('SHA256:'),
  }),
]);

/** How a file shows that its writer is done with it. */
export const wholeSetting = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('rename') }),
  z.strictObject({ by: z.literal('marker'), suffix: z.string().min(1).max(20) }),
  z.strictObject({ by: z.literal('quiet'), ms: z.int().min(1_000) }),
]);

export function openPlace(place: z.output<typeof placeSetting>): FilePlace {
  if (place.kind === 'folder') return openFolder(place.root);
  const { kind: _kind, ...options } = place;
  return openSftp(options);
}
