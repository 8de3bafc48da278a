import { z } from 'zod';
import { csvRows, defineAdapter, openFolder, openInbox, openOutbox, type TextRow, xlsxBytes } from '../../../../src/kit/index.ts';

/** The smallest adapter over files: CSV in, XLSX out. */
export default defineAdapter({
  name: 'phieu',
  title: { vi: 'Hệ thống mẫu trao đổi tệp', en: 'Sample system that exchanges files' },
  evidence: 'OURS',
  config: z.strictObject({ folder: z.string() }),
  open: async ({ folder }, ports) => {
    const place = openFolder(folder);
    const inbox = openInbox<TextRow>({
      place,
      folder: 'vao',
      archive: 'luu',
      accepts: (name) => name.endsWith('.csv'),
      whole: { by: 'rename' },
      rows: (bytes) => csvRows(bytes, { columns: ['id', 'khoa', 'ma', 'ten'] }),
      touch: ({ id = '', khoa = null, ...record }) => ({
        kind: 'phieu',
        id,
        key: khoa,
        sighting: { id, key: khoa, version: null, sequence: null, covers: 'all', record, statedAt: null },
      }),
      clock: ports.clock,
      rowsACall: 2,
    });
    const outbox = openOutbox({ place, folder: 'ra', sent: 'da-gui' });
    return {
      kinds: {
        phieu: {
          name: 'phieu',
          schema: ports.data.recordSchema('phieu'),
          normalises: { ten: 'trim' },
          readLagMs: 0,
          ordered: false,
          over: 'files',
          changes: { overlapMs: 0, run: (cursor, { signal }) => inbox.changes(cursor, signal) },
          create: {
            repeat: 'same-key',
            landsWithinMs: 60_000,
            run: async ({ key, record }, { signal }) => {
              const row = { khoa: key, ma: String(record.ma), ten: String(record.ten) };
              await outbox.put(`${key}.xlsx`, await xlsxBytes(['khoa', 'ma', 'ten'], [row]), signal);
              return { is: 'queued', ticket: key };
            },
          },
        },
      },
      probe: async ({ signal }) => {
        for (const name of ['vao', 'ra']) await place.list(name, signal);
        return [{ hop: 'folders', ok: true, vi: 'Tới được thư mục trao đổi.', en: 'The exchange folders can be reached.' }];
      },
      close: place.close,
    };
  },
});
