import { describe, expect, it } from '@jest/globals';
import { PageStates } from '@pagebridge/contracts';
import { Journey } from '../harness/journey.ts';
import { patience } from '../harness/source-org.ts';

const journey = new Journey({ ownStack: 'journey-without-mysql' });

describe('the page path', () => {
  it('needs only Kafka and the destination, also to start again, with what was open and what waited', async () => {
    const { stack } = journey;
    const acme = journey.sourceOrg();
    await Promise.all([acme.connect(journey.globex), acme.connect(journey.initech)]);
    const before = await acme.alert({ alertKey: 'before', message: 'Memory. @oncall-core-infra' });
    await acme.pageIn(journey.globex, before, 'core-infra');
    const sandbox = journey.driver.sandbox(journey.initech);
    await sandbox.answerPagesWith(503);
    const waiting = await acme.alert({ alertKey: 'waiting', message: '@oncall-network' });
    await acme.outcome(waiting, 'retried');

    await stack.service('connection-management').stop();
    await stack.service('handle-sync').stop();
    await stack.mariadb.stop();
    await Promise.all([stack.service('page-routing').stop(), stack.service('page-delivery').stop()]);
    await sandbox.recover();
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
    await acme.pageIn(journey.initech, waiting, 'network');
    expect(await acme.pages(journey.initech)).toHaveLength(1);
    const state = await journey.driver.watch.waitForEvent(
      PageStates,
      'the delivered page in the ledger',
      (it) => it.sourceOrg === acme.id && it.alertKey === 'waiting' && it.pages[0]?.status === 'delivered',
      patience,
    );
    expect(state.event.data.pages).toHaveLength(1);
  });
});
