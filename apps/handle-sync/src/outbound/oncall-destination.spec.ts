import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '@pagebridge/contracts';
import { closePools } from '@pagebridge/destination';
import { generateSealingKey, KeyRing, seal } from '@pagebridge/sealed-credentials';
import { aConnection } from '@pagebridge/testing';
import type { Reading } from '../application/ports.ts';
import { LocalDestination } from './local-destination.features.ts';
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

let local: LocalDestination;
let connection: Connection;

beforeEach(async () => {
  local = await new LocalDestination().start();
  connection = await connected(local.applicationKey);
});
afterEach(() => local.stop());
afterAll(closePools);

async function connected(applicationKey: string): Promise<Connection> {
  const bare = aConnection({ dataCenter: 'LOCAL' });
  const sealed = await seal(keyPair.publicKey, bare, { apiKey: local.apiKey, applicationKey });
  return { ...bare, credential: { ...bare.credential, sealed } };
}

const read = (its: Partial<DestinationSettings> = {}, signal = new AbortController().signal): Promise<Reading> =>
  new OncallDestination(new Map([['LOCAL', local.dataCenter('LOCAL')]]), ring, { ...settings, ...its }).read(
    connection,
    signal,
  );

const listed = (reading: Reading) => {
  if (reading.kind !== 'listed') throw new Error(`expected a list, got ${JSON.stringify(reading)}`);
  return reading;
};
const rulesByHandle = (reading: Reading) =>
  Object.fromEntries(listed(reading).teams.map(({ teamHandle, rules }) => [teamHandle, rules]));

describe('reading a destination', () => {
  it('pages through more than a hundred teams, and asks for no page past the end', async () => {
    for (let index = 0; index < 205; index += 1) local.add(`team-${index}`);
    const reading = listed(await read());
    expect(reading.complete).toBe(true);
    expect(new Set(reading.teams.map((team) => team.teamHandle)).size).toBe(205);
    expect(local.calls.filter((call) => call === 'GET /api/v2/team')).toHaveLength(3);
  });

  it('shows which teams are on call, which are not, and which hide it', async () => {
    local.add('core');
    local.add('guild', { rules: 0 });
    local.add('secret', { hidden: true });
    local.fault = (path) => (path.includes('not-there') ? { status: 404, body: {} } : undefined);
    local.add('never-onboarded', { id: 'not-there' });
    expect(rulesByHandle(await read())).toEqual({
      core: 'some',
      guild: 'none',
      secret: 'forbidden',
      'never-onboarded': 'none',
    });
  });

  it('reads rules a few at a time', async () => {
    for (let index = 0; index < 20; index += 1) local.add(`team-${index}`);
    local.delayMs = 2;
    await read();
    expect(local.mostAtOnce).toBe(4);
  });

  it('repeats what may pass, and leaves a team unread that stays broken', async () => {
    local.add('shaky', { broken: 2 });
    local.add('broken', { broken: 100 });
    local.add('core');
    expect(rulesByHandle(await read())).toEqual({ shaky: 'some', broken: 'unread', core: 'some' });
  });

  it('stops asking a destination that answers no read any more', async () => {
    for (let index = 0; index < 50; index += 1) local.add(`team-${index}`, { broken: 100 });
    const reading = await read({ concurrency: 1 });
    expect(new Set(Object.values(rulesByHandle(reading)))).toEqual(new Set(['unread']));
    expect(local.calls.length).toBe(1 + 5 * 3);
  });

  it('waits for the rate limit to open instead of giving up', async () => {
    local.add('core');
    let refusals = 2;
    local.fault = (path) => {
      if (!path.endsWith('/routing-rules') || refusals === 0) return undefined;
      refusals -= 1;
      return { status: 429, headers: { 'retry-after': '0.02' }, body: { errors: ['Too many requests'] } };
    };
    expect(rulesByHandle(await read({ attempts: 1 }))).toEqual({ core: 'some' });
  });

  it('fails when the list fails, whatever was listed before', async () => {
    for (let index = 0; index < 150; index += 1) local.add(`team-${index}`);
    local.fault = (_path, url) => (url.searchParams.get('page[number]') === '1' ? { status: 503 } : undefined);
    expect(await read()).toMatchObject({ kind: 'failed', detail: expect.stringContaining('503') });
  });

  it('trusts no list that changed while it was read', async () => {
    for (let index = 0; index < 150; index += 1) local.add(`team-${index}`);
    local.fault = (path) => {
      if (path === '/api/v2/team') local.teams.shift();
      return undefined;
    };
    expect(listed(await read()).complete).toBe(false);
    let changes = 1;
    local.fault = (path) => {
      if (path === '/api/v2/team' && changes-- > 0) local.teams.shift();
      return undefined;
    };
    expect(listed(await read()).complete).toBe(true);
  });

  it('names the permission that the list lacks', async () => {
    local.permissions.delete('teams_read');
    expect(await read()).toMatchObject({ kind: 'credential-fault', missingPermission: 'teams_read' });
    local.permissions.add('teams_read');
    local.fault = (path) => (path === '/api/v2/team' ? { status: 403, body: { errors: ['Forbidden'] } } : undefined);
    expect(await read()).toMatchObject({ kind: 'credential-fault', missingPermission: 'teams_read' });
  });

  it('blames no permission for keys that are not accepted', async () => {
    connection = await connected('wrong');
    const reading = await read();
    expect(reading).toMatchObject({ kind: 'credential-fault', detail: expect.stringContaining('does not accept') });
    expect(reading).not.toHaveProperty('missingPermission');
  });

  it('says that the credential is dead when it dies on the way', async () => {
    local.add('core');
    local.fault = (path) => (path.endsWith('/routing-rules') ? { status: 401 } : undefined);
    expect(await read()).toMatchObject({ kind: 'credential-fault' });
  });

  it('names an unknown data center and a credential that it cannot open', async () => {
    connection = { ...connection, dataCenter: 'MARS1' };
    expect(await read()).toMatchObject({ kind: 'failed', detail: expect.stringContaining('MARS1') });
    connection = { ...connection, dataCenter: 'LOCAL', sourceOrg: 'other-org' };
    expect(await read()).toMatchObject({ kind: 'failed', detail: expect.stringContaining('cannot be opened') });
  });

  it('gives up a destination that crawls, and stops at once when aborted', async () => {
    for (let index = 0; index < 20; index += 1) local.add(`team-${index}`);
    local.delayMs = 20;
    expect(await read({ readingMs: 50 })).toMatchObject({ kind: 'failed', detail: expect.stringContaining('50 ms') });
    const abort = new AbortController();
    const reading = read({}, abort.signal);
    abort.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });
});
