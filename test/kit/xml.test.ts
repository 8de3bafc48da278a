import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTrouble, type TroubleDetail } from '../../src/kit/trouble.ts';
import { xmlJson } from '../../src/kit/xml/json.ts';
import { xmlIn, xmlRecords } from '../../src/kit/xml/read.ts';
import { attributeOf, element, elementAt, elementsIn, type XmlElement, xmlTextAt, xmlTextOf } from '../../src/kit/xml/tree.ts';
import { xmlText } from '../../src/kit/xml/write.ts';

async function refusal(run: () => unknown): Promise<TroubleDetail> {
  try {
    await run();
  } catch (error) {
    if (isTrouble(error)) return error.detail;
    throw error;
  }
  throw new Error('nothing was refused');
}

async function all<T>(list: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const one of list) found.push(one);
  return found;
}

/** The bytes in pieces of `size`, so that letters and tags are cut anywhere. */
async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

const utf16 = (text: string, bigEndian: boolean): Uint8Array => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
};

describe('XML that comes in', () => {
  it('becomes a tree with namespaces, attributes, CDATA and entities read', () => {
    const root = xmlIn(
      '<?xml version="1.0"?>\n<a:HoSo xmlns:a="urn:a" ma="1"><Ten>Nguyễn &amp; <![CDATA[<Mẫu>]]></Ten><b xmlns="urn:b"/></a:HoSo>',
    );
    expect(root).toMatchObject({ name: 'HoSo', namespace: 'urn:a' });
    expect(attributeOf(root, 'ma')).toBe('1');
    expect(xmlTextAt(root, 'Ten')).toBe('Nguyễn & <Mẫu>');
    expect(elementAt(root, 'b')?.namespace).toBe('urn:b');
  });

  it('keeps white space that is text and drops what only lays out', () => {
    const root = xmlIn('<r>\n  <a> x </a>\n  <b> </b>\n</r>');
    expect(root.children).toHaveLength(2);
    expect([xmlTextAt(root, 'a'), xmlTextAt(root, 'b')]).toEqual([' x ', ' ']);
  });

  it('answers neither for an element that is not there nor for one of several', () => {
    const root = xmlIn('<r><a>1</a><a>2</a></r>');
    expect([xmlTextAt(root, 'a'), xmlTextAt(root, 'b')]).toEqual([null, null]);
    expect(elementsIn(root, 'a').map(xmlTextOf)).toEqual(['1', '2']);
  });

  it.each([
    ['a DOCTYPE', '<!DOCTYPE r [<!ENTITY x "y">]><r>&x;</r>', 'xml.doctype'],
    ['an entity bomb', '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><r>&b;</r>', 'xml.doctype'],
    ['an unknown entity', '<r>&lol;</r>', 'xml.broken'],
    ['a tag that never ends', '<r><a></r>', 'xml.broken'],
    ['two roots', '<r/><r/>', 'xml.broken'],
    ['an attribute twice', '<r a="1" a="2"/>', 'xml.broken'],
    ['an unbound prefix', '<x:r/>', 'xml.broken'],
    ['nothing', '', 'xml.broken'],
    ['JSON', '{"a":1}', 'xml.broken'],
    ['an encoding nobody reads', '<?xml version="1.0" encoding="EBCDIC-CP-US"?><r/>', 'xml.encoding'],
  ])('refuses %s', async (_name, text, code) => {
    expect(await refusal(() => xmlIn(Buffer.from(text)))).toMatchObject({ kind: 'refused', code });
  });

  it('tells the line and column of a fault and quotes nothing', async () => {
    const { en, vi } = await refusal(() => xmlIn('<r>\n  <Ten>Nguyễn Văn Mẫu</Ho>\n</r>'));
    expect(en).toMatch(/^Line 2, column \d+: not well-formed XML\.$/u);
    expect(vi).toMatch(/^Dòng 2, cột \d+:/u);
    expect(`${en}${vi}`).not.toContain('Mẫu');
  });

  it('refuses bytes that are no UTF-8', async () => {
    expect((await refusal(() => xmlIn(Buffer.from('<r>Nguy\xea</r>', 'latin1')))).code).toBe('xml.encoding');
  });

  it.each([
    ['mostBytes', { mostBytes: 10 }, '<r>12345678</r>', 'xml.too-large'],
    ['mostDepth', { mostDepth: 3 }, '<a><b><c><d/></c></b></a>', 'xml.too-deep'],
    ['mostElements', { mostElements: 3 }, '<a><b/><b/><b/></a>', 'xml.too-many'],
    ['mostText', { mostText: 5 }, '<a>123456</a>', 'xml.text-too-long'],
    ['mostText of an attribute', { mostText: 5 }, '<a b="123456"/>', 'xml.text-too-long'],
  ])('keeps to %s, and takes what just fits', async (_name, limits, text, code) => {
    expect((await refusal(() => xmlIn(text, limits))).code).toBe(code);
    const loosened = Object.fromEntries(Object.entries(limits).map(([name, limit]) => [name, limit + 10]));
    expect(xmlIn(text, loosened).name).toMatch(/^[ar]$/u);
  });

  it.each(['utf-8', 'utf-16le', 'utf-16be', 'windows-1258'] as const)('reads %s, cut anywhere', async (encoding) => {
    const body = '<r><a>Đặng Hoà Yến</a></r>';
    const bytes = {
      'utf-8': () => Buffer.from(`\ufeff${body}`, 'utf8'),
      'utf-16le': () => utf16(body, false),
      'utf-16be': () => utf16(body, true),
      // In windows-1258 tones are signs of their own: a-breve has a byte, its dot below another.
      'windows-1258': () =>
        Buffer.from('<?xml version="1.0" encoding="windows-1258"?><r><a>\xd0\xe3\xf2ng Ho\xe0 Y\xea\xecn</a></r>', 'latin1'),
    }[encoding]();
    for (const size of [1, 3, 1_000]) {
      const [record] = await all(xmlRecords(pieces(bytes, size), ['r']));
      expect(record === undefined ? '' : xmlTextOf(record.element)).toBe('Đặng Hoà Yến');
    }
    expect(xmlTextOf(xmlIn(bytes))).toBe('Đặng Hoà Yến');
  });
});

describe('a long list in XML', () => {
  const list =
    '<DanhSach>\n <Dau><So>2</So></Dau>\n <Khoi>\n  <HoSo><Ma>A</Ma></HoSo>\n  <Khac/>\n  <HoSo><Ma>B</Ma></HoSo>\n </Khoi>\n</DanhSach>';

  it('comes record by record with path and line, however it is cut', async () => {
    for (const size of [1, 7, 500]) {
      const found = await all(xmlRecords(pieces(Buffer.from(list), size), ['DanhSach.Khoi.HoSo', 'DanhSach.Dau']));
      expect(found.map(({ path, line, element: one }) => [path, line, xmlTextOf(one)])).toEqual([
        ['DanhSach.Dau', 2, '2'],
        ['DanhSach.Khoi.HoSo', 4, 'A'],
        ['DanhSach.Khoi.HoSo', 6, 'B'],
      ]);
    }
  });

  it('is never held as a whole: a record is given before the rest was read', async () => {
    let read = 0;
    async function* endless(): AsyncGenerator<string> {
      yield '<DanhSach>';
      for (;;) {
        read += 1;
        yield `<HoSo><Ma>${read}</Ma></HoSo>`;
      }
    }
    let taken = 0;
    for await (const { element: one } of xmlRecords(endless(), ['DanhSach.HoSo'])) {
      taken += 1;
      expect(xmlTextOf(one)).toBe(String(taken));
      if (taken === 1_000) break;
    }
    expect(read).toBe(1_000);
  });

  it('gives what came before the place where it breaks', async () => {
    const found: string[] = [];
    const cut = '<DanhSach><HoSo>1</HoSo>\n<HoSo>2</HoSo>\n<HoSo>3</Ho';
    const { code, en } = await refusal(async () => {
      for await (const { element: one } of xmlRecords(cut, ['DanhSach.HoSo'])) found.push(xmlTextOf(one));
    });
    expect([found, code]).toEqual([['1', '2'], 'xml.broken']);
    expect(en).toContain('Line 3');
  });

  it('is refused when another document stands where the list was due', async () => {
    expect((await refusal(() => all(xmlRecords('<Loi><Ma>9</Ma></Loi>', ['DanhSach.HoSo'])))).code).toBe('xml.other-root');
  });

  it('does not let what never ends fill the memory', async () => {
    async function* comment(): AsyncGenerator<string> {
      yield '<DanhSach><!--';
      for (;;) yield 'x'.repeat(1_000);
    }
    expect((await refusal(() => all(xmlRecords(comment(), ['DanhSach.HoSo'], { mostText: 10_000 })))).code).toBe('xml.text-too-long');
  });
});

describe('XML that goes out', () => {
  it('is escaped, declared, and puts namespaces where they are needed', () => {
    const tree = element('a', [element('b', ['<&>"\r'], { attributes: { x: '"\n<' } }), element('c', [], { namespace: 'urn:other' })], {
      namespace: 'urn:a',
    });
    expect(xmlText(tree)).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<a xmlns="urn:a"><b xmlns="" x="&quot;&#10;&lt;">&lt;&amp;&gt;"&#13;</b><c xmlns="urn:other"/></a>',
    );
    expect(xmlText(tree, { declaration: false, prefixes: { m: 'urn:a' } })).toContain('<m:a xmlns:m="urn:a"><b x=');
  });

  it('is NFC whatever was given', () => {
    expect(xmlText(element('a', ['Nguyễn'.normalize('NFD')]), { declaration: false })).toBe('<a>Nguyễn</a>');
  });

  it('refuses what XML cannot carry, and shows no value', async () => {
    const { code, en } = await refusal(() => xmlText(element('a', ['Mẫu\u0001'])));
    expect(code).toBe('xml.character');
    expect(en).not.toContain('Mẫu');
    expect((await refusal(() => xmlText(element('a b')))).kind).toBe('setup');
  });

  it('reads back as the same tree, whatever texts, attributes and namespaces it has', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ĐẶNGhoàyến <>&"\'\n\t;]]>') }).map((one) => one.normalize('NFC'));
    const name = fc.constantFrom('HoSo', 'ma_so', 'Tên', 'a-1');
    const namespace = fc.constantFrom('', 'urn:a', 'urn:b');
    const attributes = fc.uniqueArray(fc.record({ name, namespace, value: text }), {
      selector: (one) => `${one.namespace} ${one.name}`,
      maxLength: 3,
    });
    const tree: fc.Memo<XmlElement> = fc.memo((depth) =>
      fc.record({
        name,
        namespace,
        attributes,
        children: depth <= 1 ? text.map((one) => (one === '' ? [] : [one])) : fc.array(tree(depth - 1), { maxLength: 3 }),
      }),
    );
    fc.assert(
      fc.property(tree(3), fc.constantFrom({}, { p: 'urn:a' }, { p: 'urn:a', q: 'urn:b' }), (given, prefixes) => {
        expect(xmlIn(xmlText(given, { prefixes }))).toEqual(given);
      }),
      { numRuns: 300 },
    );
  });
});

describe('XML seen as JSON', () => {
  it('shows text, attributes, lists and no prefixes', () => {
    const root = xmlIn('<s:Ket xmlns:s="urn:s" ma="7"><Loi loai="x">0</Loi><D>1</D><D>2</D><Trong/><__proto__>z</__proto__></s:Ket>');
    expect(JSON.stringify(xmlJson(root))).toBe(
      '{"Ket":{"@ma":"7","Loi":{"@loai":"x","#text":"0"},"D":["1","2"],"Trong":"","__proto__":"z"}}',
    );
  });
});
