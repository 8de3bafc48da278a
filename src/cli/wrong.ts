import { Refusal } from '../http/problems.ts';
import { FileRefused } from '../intake/bytes.ts';
import { isTrouble } from '../kit/trouble.ts';
import { IntakeRefused, NotPossible } from '../sync/errors.ts';
import type { Sentence } from '../zod-sentence.ts';
import { complaint } from './screen.ts';
import { complaintsOf } from './setup.ts';

/** What a person reads when a command fails. An error that is our own shows where it happened. */
export function whatWentWrong(error: unknown, json: boolean): string {
  return complaint(sentencesOf(error), json);
}

function sentencesOf(error: unknown): readonly Sentence[] {
  const known = complaintsOf(error);
  if (known !== null) return known;
  if (isTrouble(error)) return [{ vi: error.detail.vi, en: error.detail.en }];
  if (error instanceof NotPossible) return [{ vi: error.vi, en: error.en }];
  if (error instanceof Refusal) return [error.sentence];
  if (error instanceof IntakeRefused) return error.problems.map(({ vi, en }) => ({ vi, en }));
  if (error instanceof FileRefused) return error.issues.map(({ vi, en }) => ({ vi, en }));
  if (isPortTaken(error)) {
    return [
      {
        vi: 'Cổng đã có chương trình khác dùng; chọn cổng khác bằng biến môi trường PORT.',
        en: 'The port is in use; choose another with the environment variable PORT.',
      },
    ];
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [{ vi: `Lỗi ngoài dự kiến: ${text}`, en: 'An unexpected fault; please report the lines above.' }];
}

const isPortTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
