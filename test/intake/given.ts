import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../../src/model/json.ts';

export const FORMS = fileURLToPath(new URL('../../mappings/forms', import.meta.url));

/** A sound birth dossier of invented people. */
export function birth(more: JsonObject = {}): JsonObject {
  return {
    code: 'H12.64-261124-0001',
    nationalCode: 'G15.10-20261124-0000001',
    procedure: '1.001193.000.00.00.H12',
    agency: 'H12.64',
    status: 2,
    revision: 1,
    receivedAt: '2026-11-24T08:00:00+07:00',
    dueAt: '2026-11-24T17:00:00+07:00',
    applicant: { kind: 'citizen', fullName: 'Trần Thị Đước', phone: '0900000123' },
    form: 'birth@1',
    data: {
      registration: { kind: 'on-time', office: { ward: '32025', wardVersion: '2025' }, copies: 2 },
      child: { fullName: 'Nguyễn Văn Bần', sex: 'male', birthDate: '2026-11-01', parentage: 'both-parents' },
      declarant: { fullName: 'Trần Thị Đước', relation: 'mother', verified: true },
    },
    files: [{ name: 'giay-chung-sinh.pdf', mime: 'application/pdf', sizeBytes: 1200, remoteId: 'f-1' }],
    supplements: 1,
    ...more,
  };
}

/** The same with a changed child. */
export const birthOf = (child: JsonObject): JsonObject => {
  const whole = birth();
  const data = whole.data as JsonObject;
  return { ...whole, data: { ...data, child: { ...(data.child as JsonObject), ...child } } };
};
