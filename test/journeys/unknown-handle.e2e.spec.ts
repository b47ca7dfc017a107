import { describe, expect, it } from '@jest/globals';
import { Connections, PageCommands, type SyncRequest, SyncRequests, UnroutedHandles } from '@pagebridge/contracts';
import { call } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import { Journey } from '../harness/journey.ts';

const journey = new Journey();

describe('an unknown handle', () => {
  it('is recorded with the nearest known one and triggers a sync of the destination', async () => {
    const acme = journey.sourceOrg();
    const connectionId = await acme.connect(journey.globex);
    const alert = await acme.alert({ alertKey: 'typo', message: 'Memory. @oncall-core-infr' });
    expect((await acme.unrouted(alert)).event.data).toMatchObject({
      reason: 'unknown-handle',
      handle: '@oncall-core-infr',
      nearest: { handle: '@oncall-core-infra', connectionId },
    });
    // A journey before may have asked for the same directory: for ten seconds nobody else does.
    const request = await waitFor(
      'a sync request',
      async () => {
        const [asked] = journey.driver.watch.eventsOf(
          SyncRequests,
          (it) => it.sourceOrg === acme.id && it.cause === 'unknown-handle',
        );
        if (!asked)
          await acme.alert({ alertKey: 'typo', transition: 'retriggered', message: 'Memory. @oncall-core-infr' });
        return asked;
      },
      { everyMs: 1000 },
    );
    expect(request.event.data.handle).toBe('@oncall-core-infr');
    expect(await acme.pages(journey.globex)).toEqual([]);
  });

  it('pages the fallback handle of its org once, with the unknown handles in the text of the page', async () => {
    const acme = journey.sourceOrg();
    const connectionId = await acme.connect(journey.globex);
    await acme.updateSettings({ localHandles: [], fallbackHandle: 'payments' });
    const alert = await acme.alert({ alertKey: 'typo', message: 'Memory. @oncall-core-infr, @oncall-qqq!' });
    const page = await acme.pageIn(journey.globex, alert, 'payments');
    expect(page.description).toMatch(
      new RegExp(
        `^@oncall-core-infr \\(nearest known: @oncall-core-infra\\), @oncall-qqq are unknown in source org ${acme.id}\\. Their fallback @oncall-payments is paged instead\\.\n\nMemory\\.`,
      ),
    );
    expect(await acme.pages(journey.globex)).toHaveLength(1);
    const { watch } = journey.driver;
    const [command] = watch.eventsOf(PageCommands, (it) => it.kind === 'page' && it.sourceOrg === acme.id);
    expect(command?.event.data).toMatchObject({ matched: 'fallback', handle: '@oncall-core-infr' });
    expect(watch.eventsOf(UnroutedHandles, (it) => it.sourceOrg === acme.id)).toEqual([]);
    const isIts = (it: { connectionId: string }) => it.connectionId === connectionId;
    const { directory } = (await watch.waitForEvent(Connections, 'the connection', isIts)).event.data;
    const isAsked = (it: SyncRequest) => it.directory === directory && it.handle === '@oncall-core-infr';
    await watch.waitForEvent(SyncRequests, 'a sync request', isAsked);
    await acme.alert({ alertKey: 'typo', transition: 'recovered', message: 'Fine.' });
    await acme.outcome(alert, 'resolved', 'payments');
  });

  it('of a team that was created after the last sync can be used once it has triggered a sync', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.initech);
    const team = `new-${acme.id}`;
    await call('POST', `${journey.initech.controlUrl}/teams`, { handle: team });
    try {
      const first = await acme.alert({ alertKey: 'first', message: `Memory. @oncall-${team}` });
      await acme.unrouted(first);
      await acme.untilOffered(team);
      const second = await acme.alert({ alertKey: 'second', message: `Memory. @oncall-${team}` });
      expect(await acme.pageIn(journey.initech, second, team)).toMatchObject({ status: 'triggered' });
    } finally {
      await call('DELETE', `${journey.initech.controlUrl}/teams/${team}`);
    }
  });
});
