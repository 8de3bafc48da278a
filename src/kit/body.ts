import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Json } from '../model/json.ts';
import type { Answer } from './answers.ts';
import type { FileSource } from './contract.ts';
import { type Effect, httpTrouble, lostTrouble } from './http-trouble.ts';
import { Trouble } from './trouble.ts';
import { XmlFault } from './xml/fault.ts';
import { xmlJson } from './xml/json.ts';
import { XML_LIMITS } from './xml/parse.ts';
import { readXml } from './xml/read.ts';
import type { XmlElement } from './xml/tree.ts';

/** Bodies in and out: bytes to JSON or XML, files as counted streams. */

export interface SeenAnswer extends Answer {
  /** The tree behind `body` where the shape is `xml`. */
  readonly xml?: XmlElement;
}

/** What the bytes are where XML is due: an HTML page is `html`, XML that does not hold or is too large is `text`. */
export function xmlAnswerOf(status: number, bytes: Uint8Array): SeenAnswer {
  const other = answerOf(status, bytes);
  if (other.shape === 'json') return { ...other, strange: true };
  if (other.shape === 'empty') return other;
  try {
    const xml = readXml(bytes, { ...XML_LIMITS, mostBytes: bytes.byteLength });
    return xml.name.toLowerCase() === 'html' ? other : { status, body: xmlJson(xml), shape: 'xml', xml };
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    return { ...other, shape: other.text !== undefined && HTML.test(other.text) ? 'html' : 'text' };
  }
}

const HTML = /^\s*<(?:!doctype\s+html|html|body|head)\b/iu;

/** What the bytes are. Broken UTF-8 and broken JSON are `text`; a page of any kind is `html`. */
export function answerOf(status: number, bytes: Uint8Array): Answer {
  if (bytes.byteLength === 0) return { status, body: null, shape: 'empty', text: '' };
  const text = decode(bytes);
  if (text === null) return { status, body: null, shape: 'text', text: '' };
  try {
    return { status, body: JSON.parse(text) as Json, shape: 'json' };
  } catch {
    return { status, body: null, shape: text.trimStart().startsWith('<') ? 'html' : 'text', text: text.slice(0, 4_000) };
  }
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The JSON of a message that came in; null, which no shape accepts, when it is none. */
export const jsonIn = (bytes: Uint8Array): Json => answerOf(200, bytes).body;

/**
 * Believes a body of the right shape; another shape is trouble: nobody knows what a write did, a read told nothing.
 * The issues name places, never values.
 */
export function shaped<T>(schema: z.ZodType<T>, body: Json, operation: string, effect: Effect = 'read'): T {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const places = read.error.issues
    .slice(0, 5)
    .map((issue) => issue.path.filter((part) => typeof part === 'number' || /^\w+$/u.test(String(part))).join('.'));
  throw misshapen(operation, effect, places);
}

/** Trouble of an answer that is not of the known shape at these places. */
export const misshapen = (operation: string, effect: Effect, places: readonly string[]): Trouble =>
  new Trouble({
    kind: effect === 'write' ? 'unsure' : 'unknown',
    scope: 'record',
    code: `shape.${operation}`,
    vi: 'Câu trả lời của hệ thống không đúng cấu trúc đã biết.',
    en: `The answer is not of the known shape (${places.map((place) => place || 'body').join(', ')}).`,
  });

/** A path with each filled-in part encoded; `.` and `..` cannot climb. */
export function path(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return parts.reduce((text, part, index) => {
    const value = values[index - 1] ?? '';
    if (/^\.{0,2}$/u.test(value)) throw httpTrouble('refused', 'record', 'invalid');
    return text + encodeURIComponent(value) + part;
  });
}

/** `a=1&b=x&b=y` with what is undefined left out; empty text when nothing is left. */
export function queryOf(query: Readonly<Record<string, string | number | readonly string[] | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

const fileTrouble = (code: string, vi: string, en: string): Trouble => new Trouble({ kind: 'refused', scope: 'record', code, vi, en });

/** A file as a stream that breaks when it is not as long as its mark says. `fault()` tells after the fact. */
export function fileStream(file: FileSource): { readonly stream: Readable; readonly fault: () => Trouble | null } {
  let fault: Trouble | null = null;
  async function* counted() {
    let sizeBytes = 0;
    for await (const chunk of file.open()) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > file.mark.sizeBytes) break;
      yield chunk;
    }
    if (sizeBytes === file.mark.sizeBytes) return;
    fault = fileTrouble('file.size', 'Tệp không đúng kích thước đã khai.', 'The file is not as long as its mark says.');
    throw fault;
  }
  return { stream: Readable.from(counted(), { objectMode: false }), fault: () => fault };
}

/** All bytes of a small file, e.g. for base64 inside a message; checked by size and hash. */
export async function fileBytes(file: FileSource, mostBytes: number): Promise<Uint8Array> {
  if (file.mark.sizeBytes > mostBytes)
    throw fileTrouble('file.too-large', 'Tệp vượt quá kích thước hệ thống nhận.', 'The file is larger than the system takes.');
  const { stream } = fileStream(file);
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  if (file.mark.hash !== null && createHash('sha256').update(bytes).digest('hex') !== file.mark.hash)
    throw fileTrouble('file.hash', 'Tệp không đúng nội dung đã khai.', 'The file is not what its mark says.');
  return bytes;
}

/** Bytes of an answer, counted; too many, broken off or aborted is trouble of a read. */
export async function* countedDownload(stream: Readable, mostBytes: number, signal: AbortSignal): AsyncIterable<Uint8Array> {
  let sizeBytes = 0;
  const stop = () => stream.destroy(new Error('aborted'));
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of stream) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > mostBytes) throw httpTrouble('refused', 'record', 'too-large');
      yield chunk;
    }
    if (signal.aborted) throw new Error('aborted');
  } catch (error) {
    throw error instanceof Trouble ? error : lostTrouble('read', true, signal.aborted ? 'aborted' : 'no-answer');
  } finally {
    signal.removeEventListener('abort', stop);
    stream.destroy();
  }
}
