import { PageCommands, PageOutcomes } from '@pagebridge/contracts';
import { waitFor } from '@pagebridge/testing';
import type { SandboxPage } from '../stack/sandbox.ts';
import { followPage } from './hops.ts';
import { alertOf, patience, type Stage, send } from './stage.ts';
import { type Hop, placeOf } from './timeline.ts';

const memoryAlert = 'monitor-1234:service:backend';

/** Sends the first alert, with a handle of another org in another data center. */
export async function pageAcrossOrgs(stage: Stage): Promise<void> {
  const { driver, timeline, globex } = stage;
  timeline.begin('An alert in one org pages the on-call team of another');
  await send(
    stage,
    alertOf({
      alertKey: memoryAlert,
      message: 'High memory usage detected on backend services. @oncall-core-infra',
    }),
  );
  const page = await followPage(driver, {
    alertKey: memoryAlert,
    destination: globex,
    teamHandle: 'core-infra',
    tell: (hop) => timeline.hop(hop),
  });
  timeline.end(`page ${page.id} in ${globex.org}`);
}

/** Sends one alert with two handles, for two destinations in two data centers. */
export async function pageTwoDestinations(stage: Stage): Promise<void> {
  const { driver, timeline, globex, initech } = stage;
  const [theirs = ''] = initech.teams;
  timeline.begin('One alert, two handles, two destinations');
  const alertKey = 'monitor-77:service:checkout';
  const message = `Checkout is slow. @oncall-core-infra please look, and @oncall-${theirs}: is it the network?`;
  await send(stage, alertOf({ alertKey, message, title: '[Triggered] Checkout latency over 2 s' }));
  const hops: Hop[] = [];
  const tell = (hop: Hop) => hops.push(hop);
  const both = [
    followPage(driver, { alertKey, destination: globex, teamHandle: 'core-infra', tell }),
    followPage(driver, { alertKey, destination: initech, teamHandle: theirs, tell }),
  ];
  // Both hop lists are printed as far as they got, even if one page fails.
  await Promise.allSettled(both);
  timeline.hops(hops);
  const pages = await Promise.all(both);
  timeline.end(pages.map(({ id }) => `page ${id}`).join(', '));
}

/** Lets the alert of the second step recover, which resolves its page. */
export async function resolveOnRecovery(stage: Stage): Promise<void> {
  const { timeline } = stage;
  timeline.begin('Recovery resolves the page');
  await send(
    stage,
    alertOf({
      alertKey: memoryAlert,
      transition: 'recovered',
      title: '[Recovered] High memory usage on backend services',
      message: 'Memory usage is back to normal.',
    }),
  );
  const { id, status } = await followResolution(stage, memoryAlert);
  timeline.end(`page ${id} ${status}`);
}

/** Follows the recovery of an alert from the router's command to the resolved page. */
export async function followResolution({ driver, timeline, globex }: Stage, alertKey: string): Promise<SandboxPage> {
  const command = await driver.watch.waitForEvent(
    PageCommands,
    'a resolve command',
    (it) => it.kind === 'resolve' && it.alertKey === alertKey,
    patience,
  );
  const outcome = await driver.watch.waitForEvent(
    PageOutcomes,
    'the resolution',
    (it) => it.alertKey === alertKey && it.outcome === 'resolved',
    patience,
  );
  const id = outcome.event.data.destinationPageId;
  const page = await waitFor(
    `page ${id} resolved in ${globex.org}`,
    async () => (await driver.sandbox(globex).pages()).find((it) => it.id === id && it.status === 'resolved'),
    patience,
  );
  timeline.record('page-routing', command.record, 'resolve every page of the alert');
  timeline.hops([
    { at: Date.parse(page.resolvedAt ?? ''), who: globex.org, where: `page ${page.id}`, what: page.status },
    { at: outcome.record.timestamp, who: 'page-delivery', where: placeOf(outcome.record), what: 'resolved' },
  ]);
  return page;
}

/** Checks that a destination that is down for a while gets its page when it is back. */
export async function deliverAfterOutage(stage: Stage): Promise<void> {
  const { driver, timeline, initech } = stage;
  const [team = ''] = initech.teams;
  const sandbox = driver.sandbox(initech);
  timeline.begin('A destination that is unavailable (503) gets its page when it recovers');
  await sandbox.answerPagesWith(503);
  timeline.hop({
    at: Date.now(),
    who: initech.org,
    where: 'control API',
    what: 'responds to every page with 503 from now on',
  });
  const alertKey = 'monitor-79:service:payments';
  await send(
    stage,
    alertOf({ alertKey, message: `Payments fail. @oncall-${team}`, title: '[Triggered] Payments fail' }),
  );
  for (const attempt of [1, 2]) {
    const { record, event } = await driver.watch.waitForEvent(
      PageOutcomes,
      `a failed attempt ${attempt}`,
      (it) => it.alertKey === alertKey && it.outcome === 'retried' && it.attempts === attempt,
      patience,
    );
    timeline.record('page-delivery', record, `attempt ${attempt}: ${event.data.detail}`);
  }
  await sandbox.recover();
  const backAt = Date.now();
  timeline.hop({ at: backAt, who: initech.org, where: 'control API', what: 'available again' });
  const page = await followPage(driver, {
    alertKey,
    destination: initech,
    teamHandle: team,
    // The command and its ledger record are older than the recovery of the destination; they are not printed again.
    tell: (hop) => hop.at >= backAt && timeline.hop(hop),
  });
  timeline.end(`page ${page.id}, none lost`);
}
