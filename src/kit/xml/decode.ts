import { TextDecoder } from 'node:util';
import { XmlFault } from './fault.ts';

/** Bytes of an XML document as text: UTF-8 unless its mark or its declaration says UTF-16 or windows-1258. */

export type XmlSource = string | Uint8Array | AsyncIterable<string | Uint8Array>;

const HEAD_BYTES = 256;
const DECLARED = /^<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']/u;
const KNOWN: Readonly<Record<string, string>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  'windows-1258': 'windows-1258',
  cp1258: 'windows-1258',
};

/** The label TextDecoder knows the document's encoding by; throws XmlFault for one we do not read. */
export function encodingOf(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const declared = DECLARED.exec(Buffer.from(head.subarray(0, HEAD_BYTES)).toString('latin1').replace(/^ï»¿/u, ''))?.[1];
  const label = KNOWN[(declared ?? 'utf-8').toLowerCase()];
  if (label === undefined) throw new XmlFault('encoding', 1, 1);
  return label;
}

/** Chunks of text in order; counts bytes against `mostBytes`. */
export async function* textOfSource(source: XmlSource, mostBytes: number): AsyncGenerator<string> {
  const chunks = typeof source === 'string' || source instanceof Uint8Array ? oneOf(source) : source;
  let decoding: Decoding | null = null;
  let held = new Uint8Array();
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    sizeBytes += typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.byteLength;
    if (sizeBytes > mostBytes) throw new XmlFault('too-large', 1, 1);
    if (typeof chunk === 'string') {
      yield chunk;
      continue;
    }
    const bytes: Uint8Array = held.byteLength === 0 ? chunk : Buffer.concat([held, chunk]);
    held = new Uint8Array();
    if (decoding === null && bytes.byteLength < HEAD_BYTES) held = Uint8Array.from(bytes);
    else {
      decoding ??= openDecoding(bytes);
      yield decoding.write(bytes);
    }
  }
  decoding ??= openDecoding(held);
  yield decoding.write(held) + decoding.end();
}

/** A whole small document. */
export function textOfBytes(bytes: Uint8Array): string {
  const decoding = openDecoding(bytes);
  return decoding.write(bytes) + decoding.end();
}

interface Decoding {
  write(bytes: Uint8Array): string;
  end(): string;
}

/** In windows-1258 a tone is a sign behind its letter: they are composed, also where a chunk ends between them. */
function openDecoding(head: Uint8Array): Decoding {
  const encoding = encodingOf(head);
  const decoder = new TextDecoder(encoding, { fatal: true });
  let last = '';
  const compose = (text: string, whole: boolean): string => {
    if (encoding !== 'windows-1258') return text;
    const all = last + text;
    const cut = whole ? all.length : all.search(/.\p{M}*$/su);
    last = all.slice(cut);
    return all.slice(0, cut).normalize('NFC');
  };
  return {
    write: (bytes) => compose(decoded(decoder, bytes, true), false),
    end: () => compose(decoded(decoder, new Uint8Array(), false), true),
  };
}

function decoded(decoder: TextDecoder, bytes: Uint8Array, stream: boolean): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch {
    throw new XmlFault('encoding', 1, 1);
  }
}

async function* oneOf(whole: string | Uint8Array): AsyncGenerator<string | Uint8Array> {
  yield whole;
}
