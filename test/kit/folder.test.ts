import { existsSync, renameSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openFolder } from '../../src/kit/files/folder.ts';
import { openOutbox } from '../../src/kit/files/outbox.ts';
import { exchangeAt } from './exchange.ts';
import { share, signal } from './files-at.ts';

exchangeAt('in a folder', async (root) => openFolder(root));

test('a folder that is away is not made anew: nothing is put where nobody looks, and all goes on when it is back', async () => {
  const shared = await share(async (root) => openFolder(root));
  const outbox = openOutbox({ place: shared.place, folder: 'ra', sent: 'da-gui' });
  renameSync(shared.root, `${shared.root}-away`);
  await expect(outbox.put('A.csv', Buffer.from('ma\n1\n'), signal)).rejects.toMatchObject({ detail: { code: 'place.away' } });
  const away = { detail: { kind: 'unavailable', code: 'place.away' } };
  await expect(shared.place.move('ra/.A.csv.part', 'ra/A.csv', signal)).rejects.toMatchObject(away);
  await expect(shared.place.look('ra/A.csv', signal)).rejects.toMatchObject(away);
  await expect(shared.place.read('ra/A.csv', 100, signal)).rejects.toMatchObject(away);
  expect(existsSync(shared.root)).toBe(false);
  renameSync(`${shared.root}-away`, shared.root);
  expect(await outbox.put('A.csv', Buffer.from('ma\n1\n'), signal)).toBe('done');
  expect(shared.names('ra')).toEqual(['A.csv']);
  await shared.close();
});
