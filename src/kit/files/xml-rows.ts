import { XmlFault, xmlSentence } from '../xml/fault.ts';
import type { XmlLimits, XmlRecord } from '../xml/parse.ts';
import { readXmlRecords } from '../xml/read.ts';
import { FileFault, type FileRow } from './row.ts';

/** Records of an XML file, one by one. Where the file breaks, what came before stands and the rest is refused with its line. */
export async function* xmlRows(
  bytes: Uint8Array,
  paths: readonly string[],
  limits: Partial<XmlLimits> = {},
): AsyncGenerator<FileRow<XmlRecord>> {
  let any = false;
  try {
    for await (const record of readXmlRecords(bytes, paths, limits)) {
      any = true;
      yield { line: record.line, value: record };
    }
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    const [vi, en] = xmlSentence(error.word);
    throw new FileFault([{ path: '', code: `xml.${error.word}`, vi: `${vi}.`, en: `${en}.` }], any ? error.line : 0);
  }
}
