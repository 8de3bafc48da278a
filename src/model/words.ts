/** The closed word lists of motlan: the same words in code, tables, API and screens. */

/** Where a link stands with its record. */
export const SITUATIONS = ['waiting', 'intended', 'unknown', 'linked', 'disputed', 'ended'] as const;
export type Situation = (typeof SITUATIONS)[number];

/** What a ministry has done with the dossier. */
export const PHASES = [
  'sent',
  'accepted',
  'assigned',
  'supplement',
  'payment',
  'issued',
  'handed-over',
  'refused',
  'withdrawn',
  'stopped',
] as const;
export type Phase = (typeof PHASES)[number];

/** How sure we are of equality; only `verified` counts as equal. */
export const TRUSTS = ['sent', 'declared', 'verified'] as const;
export type Trust = (typeof TRUSTS)[number];

export const MODES = ['off', 'read', 'shadow', 'confirm', 'auto'] as const;
export type Mode = (typeof MODES)[number];

/** Effects outside that are not fields. `step` reports one progress entry to a system that wants steps. */
export const ACTS = ['submit', 'supplement', 'acknowledge', 'withdraw', 'hand-over', 'step'] as const;
export type Act = (typeof ACTS)[number];

/** What an official did in the one-stop, as its sighting showed. */
export const OFFICIAL_ACTS = ['received', 'supplement-asked', 'supplied', 'withdrawn', 'refused', 'stopped', 'handed-over'] as const;
export type OfficialActName = (typeof OFFICIAL_ACTS)[number];

/** Who owns a line: we give, they (take), both (share), or ours once at create (start). */
export const OWNERS = ['give', 'take', 'share', 'start'] as const;
export type Owner = (typeof OWNERS)[number];

/** Who acts next after trouble: see design §5. */
export const TROUBLE_KINDS = ['unavailable', 'stale', 'unsure', 'refused', 'setup', 'unknown'] as const;
export type TroubleKind = (typeof TROUBLE_KINDS)[number];

/** How far trouble reaches; only `system` stops an adapter. */
export const TROUBLE_SCOPES = ['record', 'agency', 'procedure', 'system'] as const;
export type TroubleScope = (typeof TROUBLE_SCOPES)[number];

/** Why a person must act. */
export const HOLD_KINDS = [
  'unknown-code', // a code without a row in its crosswalk
  'split-code', // a code with several rows: choose for this dossier
  'invalid', // a value that cannot be carried as it is
  'conflict', // both sides changed a shared line, or first meeting differs
  'unsaved-edit', // ownership ended before our edit was acknowledged
  'clear', // a value was emptied here and the line does not say how to clear it there
  'closed-phase', // a change that the ministry's phase no longer admits
  'refused', // the system refused, field by field
  'setup', // set-up is missing or wrong
  'unsure', // not known whether an effect outside happened
  'twins', // several records answer to one dossier
  'vanished', // confirmed twice as not there
  'no-result', // polled long; was it typed by hand?
  'unknown-phase', // a status code without a meaning
  'unknown-answer', // an answer no row explains
  'status-step', // a status step the legal graph does not allow
  'version-back', // the record went back in time
  'restored-backup', // many records went back together
  'many-changes', // more changes in one run than is believable
  'emptied', // a side lost most of its values at once
  'ended-changed', // an ended record changed afterwards
  'confirm', // the mode asks before each write
  'cap', // the daily cap is reached
  'expired-procedure', // the procedure code is not valid at the dossier's date
  'duplicate-code', // one code from two agencies
  'second-supplement', // a ministry asks once more, and a second supplement counts as overdue
  'legs-open', // hand-over while a leg is still open
  'typed-differs', // what was typed by hand is not what the dossier says
  'no-dossier', // a system speaks of a dossier nobody entered
  'not-visible', // typed by hand, and still not seen there
  'not-exchanged', // the authorities should have told one another by now, and it is still not seen there
] as const;
export type HoldKind = (typeof HOLD_KINDS)[number];

export const DESKS = ['official', 'integrator', 'operator'] as const;
export type Desk = (typeof DESKS)[number];

/** What a person can answer to a hold; which are offered depends on its kind. */
export const DECISIONS = [
  'ours', // write ours there
  'theirs', // take theirs
  'value', // use this value for this dossier (body: value)
  'resend', // it did not arrive: send
  'typed', // it was typed by hand (body: externalId)
  'link', // this record is it (body: externalId)
  'confirm', // yes, do it
  'retry', // the cause is mended: look again
  'leave', // leave as it is; nothing is written
] as const;
export type DecisionName = (typeof DECISIONS)[number];
