import { afterEach, describe, expect, it } from '@jest/globals';
import { Journey } from '../harness/journey.ts';

const journey = new Journey();

afterEach(() => journey.driver.sandbox(journey.initech).recover());

describe('a connection with a backup', () => {
  it('pages its backup exactly once when its destination is down, and the page is marked', async () => {
    const acme = journey.sourceOrg();
    const first = await acme.connect(journey.initech, 'Initech');
    const backup = await acme.connect(journey.globex);
    await acme.failOver(first, { connectionId: backup, teamHandle: 'payments', afterFailures: 2 }, 'network');
    await journey.driver.sandbox(journey.initech).answerPagesWith(503);
    const alert = await acme.alert({ message: 'Payments fail. @oncall-network' });
    const page = await acme.pageIn(journey.globex, alert, 'payments');
    expect(page.tags).toContain('failover-from:initech');
    expect(await acme.outcome(alert, 'superseded', 'network')).toMatchObject({
      event: { data: { reason: 'failed-over' } },
    });
    await journey.driver.sandbox(journey.initech).recover();
    await acme.alert({ ...alert, transition: 'recovered', message: '' });
    await acme.outcome(alert, 'resolved', 'payments');
    expect(await acme.pages(journey.initech)).toEqual([]);
    expect((await acme.pages(journey.globex)).map(({ status }) => status)).toEqual(['resolved']);
  });
});
