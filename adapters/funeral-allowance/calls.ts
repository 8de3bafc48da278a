import { type ActVerb, type At, type ChangesVerb, type Clock, type CreateVerb, shaped, type Touch, Trouble } from '../../src/kit/index.ts';
import { DAY_MS, startOfDay, writeStamp } from './time.ts';
import { type Endpoint, hoSoOf, KIND, pullAnswer, rowsIn, sightingOf } from './wire.ts';

/** `DongBoDVC`. The system states no id of its own: a dossier is known there by our code, MaHoSo. */
export const create = ({ config, http }: Endpoint): CreateVerb => ({
  repeat: config.repeat,
  landsWithinMs: config.landsWithinMs,
  run: async (order, call) => {
    await http.ask({
      operation: 'push',
      effect: 'write',
      method: 'POST',
      path: config.pushPath,
      json: { AcceptKey: config.acceptKey.reveal(), ...hoSoOf(order.key, order.record) },
      signal: call.signal,
    });
    return { is: 'done', id: order.key, version: null, sequence: null };
  },
});

/** `XuLyHoSo`: one row of TienTrinhHoSoBTXH. What is not known of a step is left away, no end is reckoned up for it. */
export const step = ({ config, http }: Endpoint): ActVerb => ({
  phases: [],
  leadsTo: null,
  repeat: config.repeat,
  landsWithinMs: config.landsWithinMs,
  run: async (order, call) => {
    const { status, at, text, actor } = order.record;
    await http.ask({
      operation: 'step',
      effect: 'write',
      method: 'POST',
      path: config.stepPath,
      json: {
        AcceptKey: config.acceptKey.reveal(),
        MaHoSo: order.id,
        ...(actor === undefined ? {} : { NguoiXuLy: actor }),
        ThoiDiemXuLy: writeStamp(momentOf(at)),
        ...(text === undefined ? {} : { NoiDungXuLy: text }),
        StatusId: String(status),
      },
      signal: call.signal,
    });
    return { is: 'done', id: order.id, version: null, sequence: null };
  },
});

function momentOf(at: unknown): At {
  const moment = typeof at === 'number' ? at : Date.parse(String(at));
  if (Number.isFinite(moment)) return moment;
  throw new Trouble({
    kind: 'refused',
    scope: 'record',
    code: 'step.time',
    vi: 'Bước xử lý không có thời điểm.',
    en: 'The step has no time.',
  });
}

/**
 * The pull: what changed in a window of days, from yesterday 00:00:00 to today 23:59:59 (SOURCED TD). The cursor is the time
 * up to which was asked; each pull goes back behind it, so that a change of the same day is not missed.
 */
export const changes = ({ config, http, schema }: Endpoint, clock: Clock): ChangesVerb => ({
  overlapMs: config.overlapDays * DAY_MS,
  run: async (cursor, call) => {
    const now = clock.now();
    const last = cursor === null ? now - config.lookBackDays * DAY_MS : Number(cursor);
    const from = startOfDay(Math.min(last, now) - config.overlapDays * DAY_MS);
    const most = from + (config.mostDays + config.overlapDays) * DAY_MS;
    const to = Math.min(most, startOfDay(now) + DAY_MS) - 1_000;
    const answer = await http.ask({
      operation: 'pull',
      effect: 'read',
      method: 'POST',
      path: config.pullPath,
      json: { AcceptKey: config.acceptKey.reveal(), [config.pullFrom]: writeStamp(from), [config.pullTo]: writeStamp(to) },
      signal: call.signal,
    });
    const rows = rowsIn(shaped(pullAnswer, answer.body, 'pull'));
    const touches = rows.flatMap((row): readonly Touch[] => {
      const sighting = sightingOf(schema, row);
      return sighting === null ? [] : [{ kind: KIND, id: sighting.id, key: sighting.key, sighting }];
    });
    return { touches, cursor: String(Math.min(to + 1_000, now)), more: to < now };
  },
});
