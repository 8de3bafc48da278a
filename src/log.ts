import pino, { type DestinationStream, type Logger } from 'pino';
import type { Receipt } from './kit/contract.ts';

/**
 * Logs hold which dossier, when, for what and the names of fields; never a value, a payload or a token. So the log is a
 * closed world: only the words below may be said, only as numbers, flags or plain marks, and everything else is struck out.
 */

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'child'>;

const STRUCK = '[struck]';

/** Ids that may hold long runs of digits. */
const IDS = new Set(['reqId', 'attempt', 'hold', 'token', 'link', 'code']);
/** How a sending was answered: the word of a receipt, or the code of trouble. */
const ANSWER = 'answer';
const WORDS = new Set([
  ...IDS,
  ANSWER,
  ...[
    'action',
    'adapter',
    'agency',
    'anchor',
    'bytes',
    'cause',
    'chains',
    'count',
    'cursor',
    'desk',
    'detail',
    'dialect',
    'event',
    'failures',
  ],
  ...[
    'file',
    'form',
    'health',
    'host',
    'is',
    'kind',
    'legs',
    'level',
    'lines',
    'links',
    'mapping',
    'method',
    'mode',
    'ms',
    'name',
    'path',
    'phase',
  ],
  ...[
    'port',
    'priority',
    'procedure',
    'record',
    'responseTime',
    'role',
    'route',
    'scope',
    'signal',
    'situation',
    'status',
    'statusCode',
    'step',
  ],
  ...['system', 'touches', 'trust', 'url', 'verb', 'version', 'visited', 'woken'],
]);
const MARK = /^[\w./:@+\-*[\]=~%]{1,200}$/;
const LONG_NUMBER = /\d{9}/;
const RECEIPTS: ReadonlySet<string> = new Set<Receipt['is']>(['done', 'queued', 'already']);
/** `http.timeout`, `answers.send.not-in-list`: lower-case words with dots between; a number in it is no longer than an HTTP status. */
const TROUBLE_CODE = /^(?!.*\d{4})(?=.{3,80}$)[a-z][a-z-]+(?:\.[a-z0-9][a-z0-9-]*)+$/;
const MOST_WORDS = 50;
const MOST_DEPTH = 3;

/** Errors whose message is promised to hold no value of a record. */
const SPEAKING_ERRORS = new Set([
  'Trouble',
  'NotPossible',
  'IntakeRefused',
  'FencedOff',
  'ConfigRefused',
  'SetupFault',
  'StoreFault',
  'CodeTaken',
]);

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

const isAnswer = (value: unknown): boolean => typeof value === 'string' && (RECEIPTS.has(value) || TROUBLE_CODE.test(value));

function sayable(word: string, value: unknown, depth: number): unknown {
  if (word === ANSWER) return isAnswer(value) ? value : STRUCK;
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return IDS.has(word) || Math.abs(value) < 1e9 ? value : STRUCK;
  if (typeof value === 'string') return MARK.test(value) && (IDS.has(word) || !LONG_NUMBER.test(value)) ? value : STRUCK;
  if (depth >= MOST_DEPTH) return STRUCK;
  if (Array.isArray(value))
    return value.slice(0, MOST_WORDS).map((one) => (isPlain(one) ? strike(one, depth + 1) : sayable(word, one, depth + 1)));
  return isPlain(value) ? strike(value, depth + 1) : STRUCK;
}

/** What of `said` may stand in a log line: known words with plain marks; all else `[struck]`. */
export function strike(said: Readonly<Record<string, unknown>>, depth = 0): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [word, value] of Object.entries(said).slice(0, MOST_WORDS)) {
    if (depth === 0 && value instanceof Error) kept.err = sayError(value);
    else if (WORDS.has(word)) kept[word] = sayable(word, value, depth);
    else kept[fieldName(word)] = STRUCK;
  }
  return kept;
}

/** A name that is no plain word may itself be a value. */
const fieldName = (word: string): string => (/^[A-Za-z][A-Za-z-]{0,39}$/.test(word) ? word : 'field');

/** Kind, code and the places in the code; the message only of errors that promise to hold no value. */
function sayError(error: Error): Record<string, unknown> {
  const code =
    'code' in error && typeof error.code === 'string' && MARK.test(error.code) && !LONG_NUMBER.test(error.code) ? error.code : undefined;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ {4}at [^ ].*:\d+:\d+\)?$/.test(line));
  return {
    type: fieldName(error.name),
    ...(code === undefined ? {} : { code }),
    ...(SPEAKING_ERRORS.has(error.name) ? { message: error.message } : {}),
    at: frames.slice(0, 8).map((line) => line.trim().slice(3)),
    ...(error.cause instanceof Error ? { cause: sayError(error.cause) } : {}),
  };
}

/** The house's log, one JSON object a line. `message` is always a sentence of the code, never built from data. */
export function openLog(level: string, destination: DestinationStream = pino.destination({ dest: 2, sync: true })): Logger {
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: 'message',
      serializers: { err: (said: unknown) => said },
      formatters: {
        level: (label) => ({ level: label }),
        log: (said) => strike(said),
      },
      hooks: {
        logMethod([first, second], method) {
          if (typeof first === 'string') return method.call(this, {}, first);
          const said = first instanceof Error ? { err: first } : first;
          return method.call(this, said, typeof second === 'string' ? second : 'trouble');
        },
      },
    },
    destination,
  );
  const child: (bound: Record<string, unknown>, options?: pino.ChildLoggerOptions) => Logger = log.child;
  // pino does not put the words bound to a child through its formatters.
  Object.defineProperty(log, 'child', {
    value(this: Logger, bound: Record<string, unknown>, options?: pino.ChildLoggerOptions) {
      return child.call(this, strike(bound), options);
    },
  });
  return log;
}
