import { SyncRequests } from '@pagebridge/contracts';
import { unroutedHop } from './hops.ts';
import { alertOf, expectThat, patience, type Stage, send } from './stage.ts';

/** Checks that a manual page across orgs is refused. */
export async function refuseManualPage(stage: Stage): Promise<void> {
  const { driver, timeline } = stage;
  timeline.begin('A manual page is rejected, with the reason');
  const alertKey = 'manual-page-by-jo';
  await send(
    stage,
    alertOf({ alertKey, origin: 'manual', title: 'Please help', message: 'Anyone? @oncall-core-infra' }),
  );
  const { hop, reason, detail } = await unroutedHop(driver, alertKey);
  timeline.hops([hop]);
  timeline.note(detail);
  expectThat('the reason manual-origin', reason === 'manual-origin', reason);
  timeline.end(reason);
}

/** Checks that an unknown handle is recorded with the nearest known one, and triggers a sync request. */
export async function recordUnknownHandle(stage: Stage): Promise<void> {
  const { driver, timeline } = stage;
  timeline.begin('An unknown handle is recorded, with the nearest known one');
  const alertKey = 'monitor-78:service:search';
  await send(
    stage,
    alertOf({ alertKey, message: 'Search is down. @oncall-core-infr', title: '[Triggered] Search down' }),
  );
  const { hop, reason, detail, nearest } = await unroutedHop(driver, alertKey);
  timeline.hops([hop]);
  timeline.note(detail);
  expectThat(
    'unknown-handle, nearest @oncall-core-infra',
    `${reason} ${nearest}` === 'unknown-handle @oncall-core-infra',
    {
      reason,
      nearest,
    },
  );
  const request = await driver.watch.waitForEvent(
    SyncRequests,
    'a sync request',
    (it) => it.cause === 'unknown-handle',
    patience,
  );
  timeline.record('page-routing', request.record, 'requests a lookup from handle-sync');
  timeline.end(`nearest ${nearest}`);
}
