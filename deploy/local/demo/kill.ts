import { PageOutcomes } from '@pagebridge/contracts';
import { waitFor } from '@pagebridge/testing';
import type { SandboxPage } from '../stack/sandbox.ts';
import { followCommand } from './hops.ts';
import { alertOf, expectThat, patience, type Stage, send } from './stage.ts';

export const killedAlertKey = 'monitor-80:service:login';
const who = 'page-delivery';
const duplicateTag = 'possible-duplicate:true';
// This leaves enough time to kill the process during the call, on a slow machine too.
const slowMs = 3_000;

/**
 * Kills page-delivery while the destination delays its answer, so that page-delivery never learns that the page exists.
 * After a restart page-delivery pages again, with a tag that marks a possible duplicate.
 */
export async function killInTheMiddle(stage: Stage): Promise<void> {
  const { timeline, services } = stage;
  timeline.begin('page-delivery is killed during a call, pages again and tags the page');
  const pageId = await untilCalled(stage);
  const killed = services.service(who);
  await killed.crash();
  timeline.hop({ at: Date.now(), who, where: `process ${killed.pid}`, what: 'killed with -9' });
  await Promise.all([
    startAgain(stage),
    pageOf(stage, pageId, false, 'created by the first call, whose response was lost'),
  ]);
  const second = await pageOf(stage, pageId, true, `created by the second call, tagged ${duplicateTag}`);
  const { record, event } = await stage.driver.watch.waitForEvent(
    PageOutcomes,
    `the delivery of page ${pageId}`,
    (it) => it.pageId === pageId && it.outcome === 'delivered',
    patience,
  );
  const { attempts, possibleDuplicate, destinationPageId } = event.data;
  const isHonest = possibleDuplicate && destinationPageId === second.id;
  expectThat('an outcome with the possible duplicate', isHonest, event.data);
  timeline.record(who, record, `delivered in ${attempts} attempts, possibly twice`);
  timeline.end(`${duplicateTag}, page ${second.id}`);
}

/** Sends the alert and waits until the destination has the call and delays its answer; returns the page id. */
async function untilCalled(stage: Stage): Promise<string> {
  const { driver, timeline, globex } = stage;
  const sandbox = driver.sandbox(globex);
  const match = { listener: 'paging', method: 'POST' } as const;
  await sandbox.switchOn({ match, times: 1, fault: { kind: 'latency', ms: slowMs } });
  const what = `answers the next page after ${slowMs} ms`;
  timeline.hop({ at: Date.now(), who: globex.org, where: 'control API', what });
  await send(
    stage,
    alertOf({ alertKey: killedAlertKey, message: 'Logins fail. @oncall-search', title: '[Triggered] Logins fail' }),
  );
  const tell = timeline.hop.bind(timeline);
  const pageId = await followCommand(driver, { alertKey: killedAlertKey, teamHandle: 'search', tell });
  await waitFor(
    `a call that ${globex.org} has not answered`,
    async () => (await sandbox.faults()).some(({ hits }) => hits > 0),
    patience,
  );
  timeline.hop({
    at: Date.now(),
    who: globex.org,
    where: 'paging host',
    what: 'received the call, has not responded yet',
  });
  return pageId;
}

async function startAgain({ services, timeline }: Stage): Promise<void> {
  const { pid } = await services.startService(who);
  timeline.hop({ at: Date.now(), who, where: `process ${pid}`, what: 'restarted and ready' });
}

/** Waits for the destination's page with or without the tag, and prints its hop. */
async function pageOf(stage: Stage, pageId: string, tagged: boolean, what: string): Promise<SandboxPage> {
  const { driver, timeline, globex } = stage;
  const page = await waitFor(
    `the page ${tagged ? 'with' : 'without'} the tag ${duplicateTag} in ${globex.org}`,
    async () => {
      const ours = (await driver.sandbox(globex).pages()).filter(({ tags }) => tags.includes(`page-id:${pageId}`));
      return ours.find(({ tags }) => tags.includes(duplicateTag) === tagged);
    },
    patience,
  );
  timeline.hop({ at: Date.parse(page.createdAt), who: globex.org, where: `page ${page.id}`, what });
  return page;
}
