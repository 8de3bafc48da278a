import { describe, expect, it } from 'vitest';
import { openBreaker } from '../../src/kit/breaker.ts';
import { httpTrouble } from '../../src/kit/http-trouble.ts';
import { testClock } from '../../src/kit/proof/bench.ts';
import { isTrouble } from '../../src/kit/trouble.ts';

const down = () => Promise.reject(httpTrouble('unavailable', 'system', 'server-error'));
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error: unknown) => (isTrouble(error) ? error.detail.code : 'no trouble'),
  );

async function opened(openMs: number) {
  const clock = testClock();
  const breaker = openBreaker({ failures: 2, openMs }, clock);
  for (let n = 0; n < 2; n += 1) await codeOf(breaker.run(down));
  return { clock, breaker };
}

describe('the breaker goes by the clock it was given', () => {
  it('stays open while that clock stands, however long it really takes', async () => {
    const { breaker } = await opened(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(breaker.state().state).toBe('open');
    expect(await codeOf(breaker.run(async () => 'ok'))).toBe('http.breaker-open');
  });

  it('lets one call try when the time has come, and closes after a success', async () => {
    const { clock, breaker } = await opened(3_600_000);
    clock.advance(3_599_999);
    expect(await codeOf(breaker.run(async () => 'ok'))).toBe('http.breaker-open');
    clock.advance(1);
    expect(breaker.state()).toEqual({ state: 'half-open', openUntil: null });
    expect(await breaker.run(async () => 'ok')).toBe('ok');
    expect(breaker.state()).toEqual({ state: 'closed', openUntil: null });
  });

  it('opens for the whole time again when the try fails', async () => {
    const { clock, breaker } = await opened(60_000);
    clock.advance(60_000);
    expect(await codeOf(breaker.run(down))).toBe('http.server-error');
    expect(breaker.state()).toEqual({ state: 'open', openUntil: clock.now() + 60_000 });
    expect(await codeOf(breaker.run(async () => 'ok'))).toBe('http.breaker-open');
  });
});
