import { expect, it, jest } from '@jest/globals';
import { Sendings } from './sendings.ts';

const row = { id: '1', topic: 't', key: 'k', value: Buffer.from('v'), headers: {} };

it('a key that was passed over is kept, even if its rest ends before the others are sent', async () => {
  let now = 1000;
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
  const sendings = new Sendings(() => Promise.reject(new Error('no leader')), 500, 100);
  await sendings.start([row]);
  sendings.close(sendings.over());
  expect(sendings.passedOver().keys).toEqual([row]);
  now += 10_000;
  await sendings.start([]);
  expect([sendings.isEmpty, String(sendings.error)]).toEqual([false, 'Error: no leader']);

  // Read again, the key has no rows any more: another relay has published them.
  expect(sendings.passedOver().keys).toEqual([]);
  await sendings.start([]);
  expect(sendings.isEmpty).toBe(true);
  clock.mockRestore();
});
