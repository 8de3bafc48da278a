import { Trouble } from '../trouble.ts';

/** What can be wrong with XML that came in. Lines and columns count from 1; nothing of the text is quoted. */

const WORDS = {
  broken: ['XML không hợp lệ', 'not well-formed XML'],
  doctype: ['XML không được có DOCTYPE', 'a DOCTYPE is not allowed'],
  encoding: ['bảng mã của XML không đọc được', 'the encoding cannot be read'],
  'too-large': ['XML lớn quá mức cho phép', 'larger than allowed'],
  'too-deep': ['XML lồng nhau quá sâu', 'nested too deeply'],
  'too-many': ['XML có quá nhiều phần tử', 'too many elements'],
  'text-too-long': ['một đoạn chữ trong XML dài quá mức cho phép', 'a text is longer than allowed'],
  'other-root': ['phần tử gốc của XML không đúng', 'another root element than expected'],
} as const;
export type XmlWord = keyof typeof WORDS;

export class XmlFault extends Error {
  override readonly name = 'XmlFault';
  readonly word: XmlWord;
  readonly line: number;
  readonly column: number;
  constructor(word: XmlWord, line: number, column: number) {
    super(`${line}:${column} ${WORDS[word][1]}`);
    this.word = word;
    this.line = line;
    this.column = column;
  }
}

/** A fault as a refusal of the message or file that came in. */
export const xmlTrouble = ({ word, line, column }: XmlFault): Trouble =>
  new Trouble({
    kind: 'refused',
    scope: 'record',
    code: `xml.${word}`,
    vi: `Dòng ${line}, cột ${column}: ${WORDS[word][0]}.`,
    en: `Line ${line}, column ${column}: ${WORDS[word][1]}.`,
  });

/** The sentence of a fault without its place. */
export const xmlSentence = (word: XmlWord): readonly [vi: string, en: string] => WORDS[word];
