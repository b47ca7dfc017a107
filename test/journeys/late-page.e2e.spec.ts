import { afterEach, describe, expect, it } from '@jest/globals';
import { type Alert, UnroutedHandles } from '@pagebridge/contracts';
import { call } from '@pagebridge/local-stack';
import { Journey } from '../harness/journey.ts';
import type { SourceOrg } from '../harness/source-org.ts';

const journey = new Journey();

afterEach(() => call('PUT', `${journey.initech.controlUrl}/teams`, journey.initech.teams));

/** Adds a team to the destination and requests a sync. */
async function makeTeam(handle: string, acme: SourceOrg, connectionId: string): Promise<void> {
  await call('POST', `${journey.initech.controlUrl}/teams`, { handle });
  const { driver } = journey;
  const url = `${driver.info.services.connectionManagement}/v1/source-orgs/${acme.id}/connections/${connectionId}/sync`;
  expect((await driver.call('POST', url)).status).toBe(202);
}

/** Publishes an alert with an unknown handle and waits until it is unrouted. */
async function unrouted(acme: SourceOrg, alertKey: string, team: string): Promise<Alert> {
  const alert = await acme.alert({ alertKey, message: `Memory. @oncall-${team}` });
  const { data } = (await acme.unrouted(alert)).event;
  expect(data).toMatchObject({ reason: 'unknown-handle', waitingUntil: expect.any(String) });
  return alert;
}

describe('an alert that names a team', () => {
  it('that is created afterwards pages it late, unless the alert has recovered', async () => {
    const acme = journey.sourceOrg();
    const connectionId = await acme.connect(journey.initech);
    const over = await unrouted(acme, 'over', 'made-later');
    const fires = await unrouted(acme, 'fires', 'made-later');
    await acme.alert({ alertKey: over.alertKey, transition: 'recovered' });
    // Once this second trigger of the same alert is paged, its recovery was routed.
    await acme.pageIn(journey.initech, await acme.alert({ alertKey: 'over', message: '@oncall-network' }), 'network');
    await makeTeam('made-later', acme, connectionId);
    const page = await acme.pageIn(journey.initech, fires, 'made-later');
    expect(page).toMatchObject({ status: 'triggered', tags: expect.arrayContaining(['late']) });
    expect((await acme.pages(journey.initech)).map(({ team }) => team?.handle).toSorted()).toEqual([
      'made-later',
      'network',
    ]);
    await acme.alert({ alertKey: fires.alertKey, transition: 'recovered' });
    await acme.outcome(fires, 'resolved', 'made-later');
  });

  it('that is created after page-routing was killed pages it late and once, unless the alert has recovered', async () => {
    const acme = journey.sourceOrg();
    const connectionId = await acme.connect(journey.initech);
    const over = await unrouted(acme, 'over', 'made-much-later');
    const fires = await unrouted(acme, 'fires', 'made-much-later');
    await acme.alert({ alertKey: over.alertKey, transition: 'recovered' });
    await acme.pageIn(journey.initech, await acme.alert({ alertKey: 'over', message: '@oncall-network' }), 'network');
    await journey.stack.crash('page-routing');
    await makeTeam('made-much-later', acme, connectionId);
    await acme.untilOffered('made-much-later');
    await journey.stack.start('page-routing');
    const page = await acme.pageIn(journey.initech, fires, 'made-much-later');
    expect(page.tags).toContain('late');
    // This record is written after those of all waiting handles.
    const last = await acme.alert({ alertKey: 'over', message: '@oncall-made-much-later' });
    await acme.outcome(last, 'delivered', 'made-much-later');
    const pages = await acme.pages(journey.initech);
    const late = pages.filter(({ tags }) => tags.includes('late'));
    expect(late.map(({ id }) => id)).toEqual([page.id]);
    // A killed service routes an alert again if its offset was not committed, and writes the same event.
    const unroutedHandles = journey.driver.watch.eventsOf(UnroutedHandles, ({ sourceOrg }) => sourceOrg === acme.id);
    expect(new Set(unroutedHandles.map(({ event }) => event.id)).size).toBe(2);
  });
});
