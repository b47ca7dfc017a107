import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Connection } from '@pagebridge/contracts';
import { closePools } from '@pagebridge/destination';
import { type Fault, SandboxOrg } from '@pagebridge/oncall-sandbox';
import { generateSealingKey, KeyRing, seal } from '@pagebridge/sealed-credentials';
import { aConnection } from '@pagebridge/testing';
import type { Reading } from '../application/ports.ts';
import { type DestinationSettings, OncallDestination } from './oncall-destination.ts';

const settings: DestinationSettings = {
  concurrency: 4,
  callMs: 1000,
  readingMs: 2000,
  attempts: 3,
  backoffMs: 1,
};
const keyPair = await generateSealingKey();
const ring = new KeyRing([keyPair.privateKey]);

const unwell: Fault = { kind: 'error', status: 503, body: 'empty' };
const forbidden: Fault = { kind: 'error', status: 403, body: 'string-array' };
const lists = { path: '/api/v2/team' };
const rulesOf = (id: string) => ({ path: `/api/v2/on-call/teams/${id}/routing-rules` });
const allRules = rulesOf('*');

let globex: SandboxOrg;
let connection: Connection;
let delayed = { now: 0, most: 0 };

beforeEach(async () => {
  delayed = { now: 0, most: 0 };
  const pause = async (ms: number) => {
    delayed.now += 1;
    delayed.most = Math.max(delayed.most, delayed.now);
    await sleep(ms);
    delayed.now -= 1;
  };
  globex = await SandboxOrg.start({ dataCenter: 'LOCAL' }, { pause });
  connection = await connected(globex.credential().applicationKey);
});
afterEach(() => globex.stop());
afterAll(closePools);

async function connected(applicationKey: string): Promise<Connection> {
  const bare = aConnection({ dataCenter: 'LOCAL' });
  const sealed = await seal(keyPair.publicKey, bare, { ...globex.credential(), applicationKey });
  return { ...bare, credential: { ...bare.credential, sealed } };
}

const read = (its: Partial<DestinationSettings> = {}, signal = new AbortController().signal): Promise<Reading> =>
  new OncallDestination(new Map([['LOCAL', globex.dataCenter]]), ring, { ...settings, ...its }).read(
    connection,
    signal,
  );

const listed = (reading: Reading) => {
  if (reading.kind !== 'listed') throw new Error(`expected a list, got ${JSON.stringify(reading)}`);
  return reading;
};
const addTeams = (count: number) => {
  for (let index = 0; index < count; index += 1) globex.add(`team-${index}`);
};
const calls = () => globex.org.requests.counts();
/** Has something happen in the org each time that it is about to list its teams. */
const beforeListing = (happen: () => void) => {
  const { teams } = globex.org;
  const byName = teams.byName.bind(teams);
  jest.spyOn(teams, 'byName').mockImplementation(() => {
    happen();
    return byName();
  });
};
const rulesByHandle = (reading: Reading) =>
  Object.fromEntries(listed(reading).teams.map(({ teamHandle, rules }) => [teamHandle, rules]));

describe('reading a destination', () => {
  it('pages through more than a hundred teams, and asks for no page past the end', async () => {
    addTeams(205);
    const reading = listed(await read());
    expect(reading.complete).toBe(true);
    expect(new Set(reading.teams.map((team) => team.teamHandle)).size).toBe(205);
    expect(calls()).toMatchObject({ 'GET /api/v2/team 200': 3 });
  });

  it('shows which teams are on call, which are not, and which hide it', async () => {
    globex.add('core');
    globex.add('guild').onCall = 'emptied';
    globex.strike(forbidden, rulesOf(globex.add('secret').id));
    globex.add('never-onboarded', { onCall: false });
    expect(rulesByHandle(await read())).toEqual({
      core: 'some',
      guild: 'none',
      secret: 'forbidden',
      'never-onboarded': 'none',
    });
  });

  it('reads rules a few at a time', async () => {
    addTeams(20);
    globex.strike({ kind: 'latency', ms: 10 }, allRules);
    await read();
    expect(delayed.most).toBe(4);
  });

  it('repeats what may pass, and leaves a team unread that stays broken', async () => {
    const [shaky, broken] = [globex.add('shaky'), globex.add('broken')];
    globex.add('core');
    globex.org.faults.add([
      { match: rulesOf(shaky.id), fault: unwell, times: 2 },
      { match: rulesOf(broken.id), fault: unwell },
    ]);
    expect(rulesByHandle(await read())).toEqual({ shaky: 'some', broken: 'unread', core: 'some' });
  });

  it('stops asking a destination that answers no read any more', async () => {
    addTeams(50);
    globex.strike(unwell, allRules);
    const reading = await read({ concurrency: 1 });
    expect(new Set(Object.values(rulesByHandle(reading)))).toEqual(new Set(['unread']));
    expect(Object.values(calls()).toSorted()).toEqual([1, 5 * 3]);
  });

  it('waits for the rate limit to open instead of giving up', async () => {
    globex.add('core');
    const headers = { 'retry-after': '0.02', 'x-ratelimit-reset': '0' };
    globex.strike({ kind: 'error', status: 429, body: 'string-array', headers }, allRules, 2);
    expect(rulesByHandle(await read({ attempts: 1 }))).toEqual({ core: 'some' });
  });

  it('fails when the list fails, whatever was listed before', async () => {
    addTeams(150);
    beforeListing(() => globex.strike(unwell, lists));
    expect(await read()).toMatchObject({ kind: 'failed', detail: expect.stringContaining('503') });
  });

  it('trusts no list that changed while it was read', async () => {
    addTeams(150);
    let changes = Number.POSITIVE_INFINITY;
    beforeListing(() => {
      const [first] = globex.org.teams.all();
      if (first && changes-- > 0) globex.org.teams.remove(first);
    });
    expect(listed(await read()).complete).toBe(false);
    changes = 1;
    expect(listed(await read()).complete).toBe(true);
  });

  it('names the permission that the list lacks', async () => {
    globex.permissions.delete('teams_read');
    expect(await read()).toMatchObject({ kind: 'credential-fault', missingPermission: 'teams_read' });
    globex.permissions.add('teams_read');
    globex.strike(forbidden, lists);
    expect(await read()).toMatchObject({ kind: 'credential-fault', missingPermission: 'teams_read' });
  });

  it('blames no permission for keys that are not accepted', async () => {
    connection = await connected('wrong');
    const reading = await read();
    expect(reading).toMatchObject({ kind: 'credential-fault', detail: expect.stringContaining('does not accept') });
    expect(reading).not.toHaveProperty('missingPermission');
  });

  it('says that the credential is dead when it dies on the way', async () => {
    globex.add('core');
    globex.strike({ kind: 'error', status: 401, body: 'empty' }, allRules);
    expect(await read()).toMatchObject({ kind: 'credential-fault' });
  });

  it('names an unknown data center and a credential that it cannot open', async () => {
    connection = { ...connection, dataCenter: 'MARS1' };
    expect(await read()).toMatchObject({ kind: 'failed', detail: expect.stringContaining('MARS1') });
    connection = { ...connection, dataCenter: 'LOCAL', sourceOrg: 'other-org' };
    expect(await read()).toMatchObject({ kind: 'failed', detail: expect.stringContaining('cannot be opened') });
  });

  it('gives up a destination that crawls, and stops at once when aborted', async () => {
    addTeams(20);
    globex.strike({ kind: 'latency', ms: 20 });
    expect(await read({ readingMs: 50 })).toMatchObject({ kind: 'failed', detail: expect.stringContaining('50 ms') });
    const abort = new AbortController();
    const reading = read({}, abort.signal);
    abort.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });
});
