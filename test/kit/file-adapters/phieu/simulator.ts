import { csvBytes, runSimulator, type StartSimulator, xlsxRows } from '../../../../src/kit/index.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const start: StartSimulator = (options) =>
  runSimulator(options, {
    kinds: { phieu: { naturalKey: ({ ma }) => text(ma), firstStage: 'moi', id: (n) => `P-${n}` } },
    config: (_baseUrl, folder) => ({ folder }),
    routes: () => [],
    folder: {
      takes: (desk, _name, bytes) => {
        for (const { value } of xlsxRows(bytes)) {
          if (value === undefined) continue;
          const { khoa = '', ...record } = value;
          if (desk.byKey('phieu', khoa) === null) desk.add('phieu', { key: khoa, record });
        }
      },
      tells: (_desk, _kind, { id, key, record }) => ({
        name: `${id}.csv`,
        bytes: csvBytes(['id', 'khoa', 'ma', 'ten'], [{ id, khoa: key ?? '', ma: text(record.ma), ten: text(record.ten) }]),
      }),
      spoils: (bytes) => Buffer.concat([bytes, Buffer.from('"hỏng,\r\n', 'utf8')]),
    },
  });

export default start;
