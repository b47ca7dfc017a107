import { afterEach, describe, expect, it } from '@jest/globals';
import { HandleChanges, Handles } from '@pagebridge/contracts';
import { call } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import { handleOf } from '@pagebridge/vocabulary';
import { Journey } from '../harness/journey.ts';

const journey = new Journey({
  env: { 'handle-sync': { SYNC_INTERVAL_SECONDS: '0.3', SYNC_CONFIRM_SECONDS: '1' } },
});
/** Teams that are sorted before all others: they fill the first page of the list, and the second begins with those on call. */
const idle = Array.from({ length: 100 }, (_, n) => ({ handle: `a-${n + 100}`, onCall: false }));
/** The number of syncs in a phase, which take far longer than the time after which a missing team counts as gone. */
const syncs = 8;

// Other journeys use exactly these teams.
afterEach(async () => {
  const { controlUrl, teams } = journey.initech;
  await call('PUT', `${controlUrl}/settings`, { swapsAtPageTurns: 0 });
  await call('PUT', `${controlUrl}/teams`, teams);
  await journey.driver.sandbox(journey.initech).recover();
});

describe('a handle', () => {
  it('stays known during changing lists, a single 404 and a missing permission, and is removed only when its team is deleted', async () => {
    const acme = journey.sourceOrg();
    const { controlUrl, teams } = journey.initech;
    const sandbox = journey.driver.sandbox(journey.initech);
    const ask = async <Body>(method: string, path: string, body?: unknown): Promise<Body> => {
      const answer = await call<Body>(method, controlUrl + path, body);
      if (answer.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
      return answer.body;
    };
    const ours = `vanishing-${acme.id}`;
    await ask('PUT', '/teams', [...idle, ...teams, ours]);
    const there = new Set((await ask<{ id: string }[]>('GET', '/teams')).map(({ id }) => id));
    await acme.connect(journey.initech);
    await acme.untilOffered(ours);
    const { id } = await ask<{ id: string }>('GET', `/teams/${ours}`);

    const called = async (path: string) =>
      (await ask<{ calls: number; endpoint: string }[]>('GET', '/calls')).reduce(
        (sum, { calls, endpoint }) => sum + (endpoint.endsWith(` ${path}`) ? calls : 0),
        0,
      );
    const untilSynced = async () => {
      const enough = (await called('/api/v2/team')) + 2 * syncs;
      await waitFor(`${syncs} more syncs`, async () => (await called('/api/v2/team')) >= enough || undefined);
    };

    await ask('PUT', '/settings', { swapsAtPageTurns: syncs });
    await untilSynced();

    await sandbox.switchOn({
      match: { path: `/api/v2/on-call/teams/${id}/routing-rules` },
      times: 1,
      fault: { kind: 'error', status: 404, body: 'object-array' },
    });
    await waitFor('the 404', async () => (await sandbox.faults())[0]?.hits || undefined);
    await untilSynced();

    await sandbox.permit('cross-org-paging', 'on_call_read', false);
    await acme.credentialFault();
    const alert = await acme.alert({ alertKey: 'still', message: handleOf(ours) });
    await acme.pageIn(journey.initech, alert, ours);
    await sandbox.permit('cross-org-paging', 'on_call_read', true);
    await acme.untilOffered(ours);

    const gone = () =>
      journey.driver.watch
        .eventsOf(HandleChanges, ({ kind }) => kind === 'removed')
        .map(({ event }) => event.data.teamId)
        .filter((teamId) => there.has(teamId));
    expect(gone()).toEqual([]);
    expect(await acme.handles()).toEqual(expect.arrayContaining([...teams, ours].map(handleOf)));

    await ask('DELETE', `/teams/${ours}`);
    await journey.driver.watch.waitForRecord(
      Handles.card.topic,
      'its tombstone',
      ({ key, value }) => value === null && String(key).endsWith(`/${id}`),
    );
    expect(gone()).toEqual([id]);
  });
});
