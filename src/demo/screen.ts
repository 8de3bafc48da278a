import type { SeenDossier } from './api.ts';

/** Live progress: one line for each step of a leg; on a terminal a last line that counts and is drawn anew. */
export interface Live {
  /** Tells what changed since the dossier was last seen. */
  seen(dossier: SeenDossier): void;
  line(text: string): void;
  count(text: string): void;
  end(): void;
}

export interface LiveOptions {
  readonly write: (text: string) => void;
  readonly tty: boolean;
  readonly lang: 'vi' | 'en';
  /** `08:07:12` */
  readonly time: () => string;
}

const CLEAR = '\r\u001b[2K';

export function openLive({ write, tty, lang, time }: LiveOptions): Live {
  const told = new Map<string, string>();
  let counted = '';
  const line = (text: string): void => {
    write(tty && counted !== '' ? `${CLEAR}${text}\n${counted}` : `${text}\n`);
  };
  return {
    line,
    seen(dossier) {
      for (const leg of dossier.legs) {
        const sentence = leg.sentence[lang];
        if (told.get(leg.id) === sentence) continue;
        told.set(leg.id, sentence);
        line(`${time()}  ${dossier.code}  ${sentence}`);
      }
    },
    count(text) {
      if (text === counted) return;
      counted = text;
      if (tty) write(`${CLEAR}${text}`);
    },
    end() {
      if (tty && counted !== '') write('\n');
      counted = '';
    },
  };
}
