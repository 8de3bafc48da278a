import { afterEach, describe, expect, test } from 'vitest';
import { isTrouble, type JsonObject } from '../../src/kit/index.ts';
import { openRegistry, readOf, sample, startWorld, type World } from './world.ts';

let world: World | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
});
async function startSoap(config: JsonObject = {}): Promise<World> {
  world = await startWorld({ config: { transport: 'soap', ...config } });
  return world;
}

describe('the registry read over SOAP', () => {
  test.each(['household-registration', 'enterprise-registration'])('%s is stated as over REST, to the last field', async (kind) => {
    const { simulator, readOne } = await startSoap();
    const id = simulator.typeByHand(kind, await sample(kind, 1));
    const rest = await openRegistry(simulator.config);
    const overRest = (await readOf(rest, kind, [id])).get(id);
    await rest.close();
    const overSoap = await readOne(kind, id);
    expect(overSoap?.record).toMatchObject({
      TenTiengViet: expect.stringContaining('Mẫu'),
      DiaChiTruSo: { DiaChi: { MaPhuongXa: '32041' } },
    });
    expect(overSoap).toEqual(overRest);
  });

  test('an empty list is not there, an answer without its list is trouble of that record', async () => {
    const { simulator, readOne } = await startSoap();
    expect(await readOne('household-registration', '099000000001')).toBeNull();
    const id = simulator.typeByHand('household-registration', await sample('household-registration', 2));
    simulator.setFaults({ shortAnswer: 1 });
    const error: unknown = await readOne('household-registration', id).catch((caught: unknown) => caught);
    expect(isTrouble(error) && error.detail).toMatchObject({ kind: 'unknown', scope: 'record', code: 'answer.no-list' });
  });

  test('a wrong password of the token is a matter of setup, and the probe says so', async () => {
    const { system, simulator, readOne } = await startSoap({ soap: { token: { username: 'motlan', password: 'sai' } } });
    const id = simulator.typeByHand('household-registration', await sample('household-registration', 3));
    const error: unknown = await readOne('household-registration', id).catch((caught: unknown) => caught);
    expect(isTrouble(error) && error.detail).toMatchObject({ kind: 'setup', scope: 'system', code: 'soap.log-in' });
    const hops = await system.probe({ signal: AbortSignal.timeout(5_000) });
    expect(hops.map(({ ok }) => ok)).toEqual([false]);
  });

  test('a gateway token that ended is renewed once, with a message the service has not seen', async () => {
    const { simulator, readOne } = await startSoap();
    const id = simulator.typeByHand('household-registration', await sample('household-registration', 4));
    expect(await readOne('household-registration', id)).not.toBeNull();
    simulator.forgetTokens();
    expect((await readOne('household-registration', id))?.id).toBe(id);
  });
});
