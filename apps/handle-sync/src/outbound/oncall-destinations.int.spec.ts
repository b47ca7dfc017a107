import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '@pagebridge/contracts';
import { closePools } from '@pagebridge/destination';
import { SandboxOrg } from '@pagebridge/oncall-sandbox';
import { generateSealingKey, KeyRing, seal } from '@pagebridge/sealed-credentials';
import { systemClock } from '@pagebridge/service';
import { aConnection, waitFor } from '@pagebridge/testing';
import { DirectoryWorld, directory, minute, second } from '../application/directory-world.fixtures.ts';
import { OncallDestinations } from './oncall-destinations.ts';

const { publicKey, privateKey } = await generateSealingKey();
const ring = new KeyRing([privateKey]);

let globex: SandboxOrg;
let destinations: OncallDestinations;
let connection: Connection;

beforeEach(async () => {
  globex = await SandboxOrg.start({ dataCenter: 'LOCAL' });
  destinations = new OncallDestinations(new Map([['LOCAL', globex.dataCenter]]), ring, 2000);
  const bare = aConnection({ dataCenter: 'LOCAL', directory });
  const sealed = await seal(publicKey, bare, globex.credential());
  connection = { ...bare, credential: { ...bare.credential, sealed } };
});
afterEach(() => globex.stop());
afterAll(closePools);

const detailOf = async (its: Partial<Connection>) => {
  const opened = await destinations.open({ ...connection, ...its });
  return opened.ok ? undefined : opened.failure;
};

describe('a destination', () => {
  it('is opened with the credential of a connection, and names its user', async () => {
    const opened = await destinations.open(connection);
    const user = opened.ok ? await opened.value.currentUser() : undefined;
    expect(user).toMatchObject({ ok: true, value: { permissions: expect.arrayContaining(['on_call_read']) } });
  });

  it('is not opened if its data center is unknown or its credential belongs to another connection', async () => {
    expect(await detailOf({ dataCenter: 'MARS1' })).toMatchObject({
      kind: 'permanent',
      detail: expect.stringContaining('MARS1'),
    });
    expect(await detailOf({ sourceOrg: 'other-org' })).toMatchObject({
      kind: 'credential',
      detail: expect.stringContaining('cannot be opened'),
    });
  });

  it('gets at most four fifths of its allowed calls, and refuses none', async () => {
    const [limit, periodSeconds] = [30, 1];
    globex.limit({ limit, periodSeconds });
    for (let index = 0; index < 40; index += 1) globex.add(`team-${index}`);
    const sync = { intervalMs: minute, retryMs: second, gapMs: 0, lateMs: 5 * 60_000, concurrency: 8 };
    const world = new DirectoryWorld({ sync }, { destinations, clock: systemClock });
    const startedAt = performance.now();
    world.connect(connection);
    await world.own();
    await waitFor('all teams', () => world.handles.length === 40);
    const windows = Math.ceil((performance.now() - startedAt) / second / periodSeconds) + 1;
    await world.owned.stop();
    const rules = globex.calls.filter(({ endpoint }) => endpoint.includes('routing-rules'));
    expect(globex.calls.filter(({ rateLimited }) => rateLimited > 0)).toEqual([]);
    expect(rules.reduce((sum, { calls }) => sum + calls, 0)).toBeLessThanOrEqual(windows * limit * 0.8);
    expect(windows).toBeLessThan(20);
  });
});
