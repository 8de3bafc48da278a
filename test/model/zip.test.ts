import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Inflate, unpacked, unpacksWithin, zipEntries } from '../../src/model/zip.ts';

const inflate: Inflate = (packed, maxOutputLength) => inflateRawSync(packed, { maxOutputLength });

interface Made {
  readonly name: string;
  readonly text: string;
  /** What the directory says of it; null = the directory does not name it. */
  readonly says?: { readonly sizeBytes?: number; readonly flags?: number } | null;
}

function zipOf(made: readonly Made[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, text, says = {} } of made) {
    const packed = deflateRawSync(Buffer.from(text));
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt16LE(Buffer.byteLength(name), 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE((says?.flags ?? 0) | 0x800, 8);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(packed.byteLength, 20);
    entry.writeUInt32LE(says?.sizeBytes ?? Buffer.byteLength(text), 24);
    entry.writeUInt16LE(Buffer.byteLength(name), 28);
    entry.writeUInt32LE(at, 42);
    locals.push(local, Buffer.from(name), packed);
    if (says !== null) directory.push(entry, Buffer.from(name));
    at += 30 + Buffer.byteLength(name) + packed.byteLength;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length / 2, 10);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

const two: readonly Made[] = [
  { name: 'a.xml', text: 'x'.repeat(1_000) },
  { name: 'thư/b.xml', text: 'Đào' },
];

describe('a ZIP', () => {
  it('is read by its directory', () => {
    const entries = zipEntries(zipOf(two)) ?? [];
    expect(entries.map(({ name }) => name)).toEqual(['a.xml', 'thư/b.xml']);
    expect(entries.map((entry) => Buffer.from(unpacked(entry, inflate) ?? []).toString())).toEqual(two.map(({ text }) => text));
  });

  it('is taken to its limit and not one byte further', () => {
    const bytes = 1_000 + Buffer.byteLength('Đào');
    expect(unpacksWithin(zipOf(two), bytes, inflate)).toBe(true);
    expect(unpacksWithin(zipOf(two), bytes - 1, inflate)).toBe(false);
  });

  it('is refused when it states less than it unpacks to, or more', () => {
    for (const sizeBytes of [1, 999, 1_001]) {
      const zip = zipOf([{ name: 'a.xml', text: 'x'.repeat(1_000), says: { sizeBytes } }]);
      expect([sizeBytes, unpacksWithin(zip, 1_000_000, inflate)]).toEqual([sizeBytes, false]);
    }
  });

  it('is refused when it hides an entry, is encrypted, cut or no ZIP', () => {
    const hidden: Made = { name: 'hidden.xml', text: 'y'.repeat(500), says: null };
    expect(zipEntries(zipOf([...two, hidden]))).toBeNull();
    expect(zipEntries(zipOf([hidden, ...two]))).toBeNull();
    expect(zipEntries(zipOf([{ name: 'a', text: 'a', says: { flags: 1 } }]))).toBeNull();
    expect(zipEntries(zipOf(two).subarray(0, -1))).toBeNull();
    expect(zipEntries(zipOf(two).subarray(1))).toBeNull();
    for (const none of [Buffer.alloc(0), Buffer.from('PK'), Buffer.alloc(100)]) expect(zipEntries(none)).toBeNull();
  });
});
