import { expect, it } from '@jest/globals';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { Registry } from 'prom-client';
import { DirectoryWorld, directory, minute } from '../application/directory-world.fixtures.ts';
import { SyncGauges } from './sync-metrics.ts';

it('shows the outdated directory, twenty of its refused connections, and the number of all of them', async () => {
  const world = new DirectoryWorld();
  const begun = world.clock.now().getTime() / 1000;
  for (let index = 0; index < 25; index += 1) world.revoked.add(world.connect().connectionId);
  await world.begin();
  await world.clock.advance(20 * minute);
  const registry = new Registry();
  new SyncGauges(registry, new HandleRegistry(), world.owned);
  const text = await registry.metrics();
  expect(text.match(/^pagebridge_refused_connection\{connection_id=.*\} 1$/gm)).toHaveLength(20);
  expect(text).toContain('pagebridge_refused_connections 25');
  const shown = `pagebridge_directory_complete_timestamp_seconds{directory="${directory}"} ${begun}`;
  expect(text).toContain(shown);
  await world.owned.stop();
});
