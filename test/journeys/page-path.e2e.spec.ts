import { describe, expect, it } from '@jest/globals';
import { PageStates } from '@pagebridge/contracts';
import { waitFor } from '@pagebridge/testing';
import { Journey } from '../harness/journey.ts';

const journey = new Journey({
  // The broker notices a killed service only after its session timeout.
  env: { 'page-delivery': { SESSION_TIMEOUT_MS: '6000' } },
});

describe('page-delivery killed with -9', () => {
  it('during a call repeats the call after its restart, and tags the page as a possible duplicate', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    const sandbox = journey.driver.sandbox(journey.globex);
    await sandbox.switchOn({ match: { listener: 'paging' }, times: 1, fault: { kind: 'hang' } });
    const alert = await acme.alert({ alertKey: 'hang', message: '@oncall-core-infra' });
    await waitFor('a call that hangs', async () => (await sandbox.faults()).some(({ hits }) => hits > 0) || undefined);
    await journey.stack.crash('page-delivery');
    await journey.stack.start('page-delivery');
    const page = await acme.pageIn(journey.globex, alert, 'core-infra');
    expect(page.tags).toContain('possible-duplicate:true');
    expect(await acme.pages(journey.globex)).toHaveLength(1);
  });

  it('repeatedly during an alert storm loses no page, and every duplicate is tagged', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.initech);
    const sandbox = journey.driver.sandbox(journey.initech);
    await sandbox.switchOn({ match: { listener: 'paging' }, fault: { kind: 'latency', ms: 20 } });
    const alerts = await Promise.all(
      Array.from({ length: 150 }, (_, index) => acme.alert({ alertKey: `storm-${index}`, message: '@oncall-network' })),
    );
    for (const paged of [20, 60]) {
      await waitFor(`${paged} pages`, async () => (await acme.pages(journey.initech)).length >= paged || undefined);
      await journey.stack.crash('page-delivery');
      await journey.stack.start('page-delivery');
    }
    await sandbox.recover();
    for (const alert of alerts) await acme.outcome(alert, 'delivered');
    const pages = await acme.pages(journey.initech);
    const unmarked = pages.filter(({ tags }) => !tags.includes('possible-duplicate:true'));
    const keysOf = (of: typeof pages) => of.map(({ tags }) => tags.find((tag) => tag.startsWith('alert-key:')));
    expect(new Set(keysOf(pages)).size).toBe(alerts.length);
    expect(new Set(keysOf(unmarked)).size).toBe(unmarked.length);
  });
});

describe('the page path', () => {
  it('needs only Kafka and the destination, also for a restart with open and waiting pages', async () => {
    const { stack } = journey;
    const acme = journey.sourceOrg();
    await Promise.all([acme.connect(journey.globex), acme.connect(journey.initech)]);
    const before = await acme.alert({ alertKey: 'before', message: 'Memory. @oncall-core-infra' });
    await acme.pageIn(journey.globex, before, 'core-infra');
    const sandbox = journey.driver.sandbox(journey.initech);
    await sandbox.answerPagesWith(503);
    const waiting = await acme.alert({ alertKey: 'waiting', message: '@oncall-network' });
    await acme.outcome(waiting, 'retried');

    await Promise.all([stack.stop('connection-management'), stack.stop('handle-sync')]);
    await stack.stop('mariadb');
    await Promise.all([stack.stop('page-routing'), stack.stop('page-delivery')]);
    await sandbox.recover();
    await Promise.all([stack.start('page-routing'), stack.start('page-delivery')]);

    const after = await acme.alert({ alertKey: 'after', message: 'Memory again. @oncall-payments' });
    await acme.pageIn(journey.globex, after, 'payments');
    await acme.alert({ alertKey: 'before', transition: 'recovered', message: '' });
    await acme.outcome(before, 'resolved', 'core-infra');
    const pages = await acme.pages(journey.globex);
    expect(pages.map(({ team, status }) => `${team?.handle} ${status}`)).toEqual([
      'core-infra resolved',
      'payments triggered',
    ]);
    await acme.pageIn(journey.initech, waiting, 'network');
    expect(await acme.pages(journey.initech)).toHaveLength(1);
    const state = await journey.driver.watch.waitForEvent(
      PageStates,
      'the delivered page in the ledger',
      (it) => it.sourceOrg === acme.id && it.alertKey === 'waiting' && it.pages[0]?.status === 'delivered',
    );
    expect(state.event.data.pages).toHaveLength(1);
  });
});
