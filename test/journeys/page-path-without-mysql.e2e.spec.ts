import { describe, expect, it } from '@jest/globals';
import { PageStates } from '@pagebridge/contracts';
import { Journey } from '../harness/journey.ts';
import { patience } from '../harness/source-org.ts';

const journey = new Journey({ ownStack: 'journey-without-mysql' });

describe('the page path', () => {
  it('needs only Kafka and the destination, also to start again', async () => {
    const { stack } = journey;
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    const before = await acme.alert({ alertKey: 'before', message: 'Memory. @oncall-core-infra' });
    await acme.pageIn(journey.globex, before, 'core-infra');

    await stack.service('connection-management').stop();
    await stack.service('handle-sync').stop();
    await stack.mariadb.stop();
    await Promise.all([stack.service('page-routing').stop(), stack.service('page-delivery').stop()]);
    await Promise.all([stack.startService('page-routing'), stack.startService('page-delivery')]);

    const after = await acme.alert({ alertKey: 'after', message: 'Memory again. @oncall-payments' });
    await acme.pageIn(journey.globex, after, 'payments');
    await acme.alert({ alertKey: 'before', transition: 'recovered', message: '' });
    await acme.outcome(before, 'resolved', 'core-infra');
    const pages = await acme.pages(journey.globex);
    expect(pages.map(({ team, status }) => `${team?.handle} ${status}`)).toEqual([
      'core-infra resolved',
      'payments triggered',
    ]);
  });

  it('keeps a page that waits for its destination over a restart of delivery', async () => {
    const { stack } = journey;
    const acme = journey.sourceOrg();
    await stack.restart(stack.mariadb);
    await Promise.all([stack.startService('connection-management'), stack.startService('handle-sync')]);
    await acme.connect(journey.initech);
    const sandbox = journey.driver.sandbox(journey.initech);
    await sandbox.answerPagesWith(503);
    const alert = await acme.alert({ alertKey: 'waiting', message: '@oncall-network' });
    await acme.outcome(alert, 'retried');
    await stack.service('page-delivery').stop();
    await sandbox.recover();
    await stack.startService('page-delivery');
    await acme.pageIn(journey.initech, alert, 'network');
    expect(await acme.pages(journey.initech)).toHaveLength(1);
    const state = await journey.driver.watch.waitForEvent(
      PageStates,
      'the delivered page in the ledger',
      (it) => it.sourceOrg === acme.id && it.pages.some(({ status }) => status === 'delivered'),
      patience,
    );
    expect(state.event.data.pages).toHaveLength(1);
  });
});
