import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapterData } from '../../src/kit/load.ts';
import { SetupFault } from '../../src/kit/setup-fault.ts';
import { openXsd } from '../../src/kit/xml/xsd.ts';

const SCHEMA = (imports: string) => `<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:k="urn:kieu" targetNamespace="urn:ho-so" xmlns="urn:ho-so" elementFormDefault="qualified">
  <xs:import namespace="urn:kieu" schemaLocation="${imports}"/>
  <xs:element name="HoSo"><xs:complexType><xs:sequence>
    <xs:element name="NguoiNop" maxOccurs="unbounded"><xs:complexType><xs:sequence>
      <xs:element name="ten" type="xs:string"/>
      <xs:element name="gioiTinh" type="k:GioiTinh"/>
      <xs:element name="cccd" type="k:So12" minOccurs="0"/>
    </xs:sequence><xs:attribute name="ma" type="xs:int" use="required"/></xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>`;
const TYPES = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:kieu">
  <xs:simpleType name="GioiTinh"><xs:restriction base="xs:string"><xs:enumeration value="1"/><xs:enumeration value="2"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="So12"><xs:restriction base="xs:string"><xs:pattern value="\\d{12}"/></xs:restriction></xs:simpleType>
</xs:schema>`;

let folder = '';
const lay = (files: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
};
const data = () => adapterData({ name: 'mau', folder }, null);
const faultsOf = async (file: string): Promise<SetupFault> => {
  const error: unknown = await openXsd(data(), file).then(
    () => null,
    (caught: unknown) => caught,
  );
  if (error instanceof SetupFault) return error;
  throw new Error('no SetupFault came', { cause: error });
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'motlan-xsd-'));
  lay({ 'schemas/ho-so.xsd': SCHEMA('kieu/kieu.xsd'), 'schemas/kieu/kieu.xsd': TYPES });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const person = (gender: string, id: string, attribute = 'ma="1"') =>
  `<NguoiNop ${attribute}>\n<ten>Nguyễn Văn Mẫu</ten>\n<gioiTinh>${gender}</gioiTinh>\n<cccd>${id}</cccd>\n</NguoiNop>`;
const document = (inside: string, root = '<HoSo xmlns="urn:ho-so">') => `<?xml version="1.0" encoding="UTF-8"?>\n${root}${inside}</HoSo>`;

describe('XML against an XSD of the folder', () => {
  it('passes what is right, with types from a second file', async () => {
    const xsd = await openXsd(data(), 'schemas/ho-so.xsd');
    expect(xsd.check(document(person('1', '096000000001')))).toEqual([]);
    expect(xsd.check(document(person('1', '096000000001')).replace('UTF-8', 'UTF-16'))).toEqual([]);
    xsd.close();
  });

  it('names path, line and reason of each fault, and no value', async () => {
    const xsd = await openXsd(data(), 'schemas/ho-so.xsd');
    const wrong = person('3', '09600000000X', 'ma="mot"');
    const issues = xsd.check(document(person('1', '096000000001') + wrong));
    expect(issues.map(({ path, code, line }) => [path, code, line])).toEqual(
      expect.arrayContaining([
        ['HoSo.NguoiNop.@ma', 'xsd.type', 6],
        ['HoSo.NguoiNop.gioiTinh', 'xsd.enum', 8],
        ['HoSo.NguoiNop.cccd', 'xsd.pattern', 9],
      ]),
    );
    expect(JSON.stringify(issues)).not.toMatch(/09600000000X|mot|Mẫu/u);
    expect(xsd.check(document('<NguoiNop ma="1"><gioiTinh>1</gioiTinh></NguoiNop>')).map(({ code }) => code)).toEqual(['xsd.order']);
    expect(xsd.check(document('<NguoiNop><ten/><gioiTinh>1</gioiTinh></NguoiNop>')).map(({ code }) => code)).toEqual(['xsd.required']);
    expect(xsd.check(document('', '<HoSo xmlns="urn:khac">')).map(({ code }) => code)).toEqual(['xsd.root']);
    xsd.close();
  });

  it('opens no schema that a document names by itself, and no DOCTYPE', async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.end(TYPES);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.xsd`;
    const xsd = await openXsd(data(), 'schemas/ho-so.xsd');
    for (const place of [url, `file://${folder}/schemas/kieu/kieu.xsd`]) {
      const root = `<HoSo xmlns="urn:ho-so" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:kieu ${place} urn:them ${place}">`;
      expect(xsd.check(document(person('1', '096000000001'), root))).toEqual([]);
    }
    expect(() => xsd.check(`<!DOCTYPE HoSo SYSTEM "${url}">${document('')}`.replace(/<\?xml[^>]*>\n/u, ''))).toThrow();
    xsd.close();
    expect(asked).toBe(0);
    server.close();
  });

  it('says what of the set-up is wrong: no file, no XSD, an import from elsewhere', async () => {
    lay({
      'schemas/broken.xsd': '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">\n<xs:element name="a" type="khong-co"/></xs:schema>',
      'schemas/net.xsd': SCHEMA('http://127.0.0.1:9/kieu.xsd'),
      'schemas/out.xsd': SCHEMA('../../kieu.xsd'),
    });
    expect((await faultsOf('schemas/none.xsd')).faults[0]?.code).toBe('adapters.data');
    expect((await faultsOf('schemas/broken.xsd')).faults[0]).toMatchObject({ file: 'schemas/broken.xsd', line: 2, code: 'xsd.broken' });
    expect((await faultsOf('schemas/net.xsd')).faults[0]).toMatchObject({ code: 'xsd.import', en: expect.stringContaining('127.0.0.1:9') });
    expect((await faultsOf('schemas/out.xsd')).faults[0]).toMatchObject({ code: 'xsd.import' });
  });

  it('gives its memory back', async () => {
    const { diag } = await import('libxml2-wasm');
    diag.configure({ enabled: true, callerStats: false });
    const xsd = await openXsd(data(), 'schemas/ho-so.xsd');
    for (let n = 0; n < 20; n += 1) xsd.check(document(person('1', n % 2 === 0 ? '096000000001' : 'x')));
    xsd.close();
    expect(diag.report()).toEqual({});
    diag.configure({ enabled: false });
  });
});

describe('data files of the folder', () => {
  it.each(['../secret', '/etc/passwd', 'a/../../b', '.hidden', 'a/.git', ''])('never leave it: %s', (file) => {
    expect(() => data().text(file)).toThrow(SetupFault);
  });
});
