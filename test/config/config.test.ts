import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ConfigPorts, ConfigRefused, readConfig } from '../../src/config.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'motlan-config-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const schemas: Readonly<Record<string, z.ZodType>> = {
  'civil-status': z.strictObject({ baseUrl: z.url(), unitCode: z.string() }),
};
const ports = (env: Record<string, string> = {}): ConfigPorts => ({
  env,
  workingFolder: folder,
  adapterConfig: async (_folders, name) => schemas[name] ?? null,
});

async function read(text: string, env: Record<string, string> = {}) {
  await writeFile(join(folder, 'motlan.yaml'), text);
  return readConfig('motlan.yaml', ports(env));
}
async function refused(text: string, env: Record<string, string> = {}) {
  const error = await read(text, env).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConfigRefused)) throw new Error('the configuration was not refused');
  return error.diagnostics;
}

describe('a configuration file', () => {
  it('may be empty: the defaults are the embedded store on loopback', async () => {
    const config = await read('');
    expect(config.store).toBe('embedded');
    expect(config.http.host).toBe('127.0.0.1');
    expect(config.http.port).toBe(8080);
    expect(config.files.mostBytes).toBe(25 * 1024 * 1024);
    expect(config.data).toBe(join(folder, 'data'));
    expect(config.keys).toBeUndefined();
  });

  it('takes PORT and MOTLAN_DATA from the environment over what it says itself', async () => {
    const config = await read('data: here\nhttp: { port: 9000 }\n', { PORT: '9001', MOTLAN_DATA: 'there' });
    expect(config.http.port).toBe(9001);
    expect(config.data).toBe(join(folder, 'there'));
  });

  it('names a working calendar of its own, relative to itself', async () => {
    expect((await read('')).calendar).toBeUndefined();
    expect((await read('calendar: days/holidays.yaml\n')).calendar).toBe(join(folder, 'days/holidays.yaml'));
  });

  it('resolves secrets from the environment and from files, relative to itself', async () => {
    await writeFile(join(folder, 'key.hex'), `${'ab'.repeat(32)}\n`);
    const config = await read('keys:\n  current: 2\n  ring:\n    1: $' + '{OLD_KEY}\n    2: file:key.hex\n', {
      OLD_KEY: Buffer.alloc(32, 7).toString('base64'),
    });
    expect(config.keys?.current).toBe(2);
    expect(Buffer.from(config.keys?.ring['1'] ?? []).toString('hex')).toBe('07'.repeat(32));
    expect(Buffer.from(config.keys?.ring['2'] ?? []).toString('hex')).toBe('ab'.repeat(32));
  });

  it('keeps codes as they were written: leading zeros and procedure codes are text', async () => {
    const config = await read(
      'systems:\n  civil-status:\n    adapter: civil-status\n    role: ministry\n    config: { baseUrl: "http://127.0.0.1:1", unitCode: 01234 }\n    modes: [{ procedure: 1.001190, mode: shadow }]\n',
    );
    expect(config.systems['civil-status']?.config.unitCode).toBe('01234');
    expect(config.systems['civil-status']?.modes[0]?.procedure).toBe('1.001190');
  });

  it('lists five errors at once, each with its line and column and in both languages', async () => {
    const found = await refused(
      [
        'http:',
        '  port: eighty',
        '  colour: red',
        'keys: { current: 3, ring: { 1: "$' + '{NOT_SET}" } }',
        'systems:',
        '  civil-status:',
        '    adapter: civil-status',
        '    role: kingdom',
        '    config: { baseUrl: "http://127.0.0.1:1" }',
        '  ghost: { adapter: ghost, role: ministry }',
      ].join('\n'),
    );
    expect(found).toHaveLength(6);
    const places = found.map(({ code, line, column }) => `${code}@${line}:${column}`);
    expect(places).toContain('config.invalid-type@2:9');
    expect(places).toContain('config.unknown-key@3:3');
    expect(places).toContain('config.reference@4:32');
    expect(places).toContain('config.invalid-value@8:11');
    expect(places).toContain('config.invalid-type@9:13');
    expect(places).toContain('config.unknown-adapter@10:21');
    for (const one of found) {
      expect(one.file).toBe('motlan.yaml');
      expect(one.vi).not.toBe('');
      expect(one.en).not.toBe('');
    }
  });

  it('refuses a current sealing key that does not stand in the ring, and one of the wrong length without showing it', async () => {
    const short = Buffer.from('short-secret').toString('base64');
    const found = await refused(`keys: { current: 2, ring: { 1: ${'ab'.repeat(32)}, 3: "${short}" } }`);
    expect(found.map((one) => one.en).join('\n')).toContain('32 bytes');
    expect(JSON.stringify(found)).not.toContain(short);
    const missing = await refused(`keys: { current: 2, ring: { 1: ${'ab'.repeat(32)} } }`);
    expect(missing[0]).toMatchObject({ line: 1, column: 18 });
  });

  it('names the place of broken YAML, of a key given twice and of a file that is not there', async () => {
    expect((await refused('http: {\n  port: 1\n'))[0]?.code).toMatch(/^config\.yaml\./);
    expect((await refused('data: a\ndata: b\n'))[0]).toMatchObject({ code: 'config.yaml.duplicate_key', line: 2 });
    await expect(readConfig('nowhere.yaml', ports())).rejects.toBeInstanceOf(ConfigRefused);
  });

  it('refuses a PORT that is no port', async () => {
    expect((await refused('', { PORT: 'http' }))[0]?.code).toBe('config.port');
  });
});
