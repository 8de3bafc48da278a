/** What a ZIP says it holds, so that one that would unpack without bound is refused before it is opened. */

const END_OF_DIRECTORY = 0x06054b50;
const ENTRY = 0x02014b50;
const LONGEST_COMMENT = 65_557;

/** Sum of the unpacked sizes its directory states; null where there is no sound directory. */
export function unzippedBytes(zip: Buffer): number | null {
  let end = zip.length - 22;
  const first = Math.max(0, zip.length - LONGEST_COMMENT);
  while (end >= first && zip.readUInt32LE(end) !== END_OF_DIRECTORY) end -= 1;
  if (end < first) return null;
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  let total = 0;
  for (let entry = 0; entry < count; entry += 1) {
    if (at + 46 > zip.length || zip.readUInt32LE(at) !== ENTRY) return null;
    total += zip.readUInt32LE(at + 24);
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return total;
}
