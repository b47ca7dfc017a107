import { afterEach, describe, expect, it } from '@jest/globals';
import { Journey } from '../harness/journey.ts';

const journey = new Journey();

afterEach(() => journey.driver.sandbox(journey.initech).recover());

describe('a destination that answers 429 for a while', () => {
  it('gets its page exactly once when it is back, and delays no other destination', async () => {
    const acme = journey.sourceOrg();
    await Promise.all([acme.connect(journey.globex), acme.connect(journey.initech)]);
    const sandbox = journey.driver.sandbox(journey.initech);
    await sandbox.switchOn({ match: { listener: 'paging' }, fault: { kind: 'rate-limited', resetSeconds: 1 } });
    const alert = await acme.alert({ message: 'Payments fail. @oncall-network and @oncall-payments' });
    const retried = await acme.outcome(alert, 'retried', 'network');
    expect(retried.event.data).toMatchObject({ possibleDuplicate: false, attempts: 1 });
    await acme.pageIn(journey.globex, alert, 'payments');
    await sandbox.recover();
    const page = await acme.pageIn(journey.initech, alert, 'network');
    expect(page.tags).not.toContain('possible-duplicate:true');
    expect(await acme.pages(journey.initech)).toHaveLength(1);
  });
});

describe('a destination whose reply is lost', () => {
  it('may have the page twice, and the second one is tagged as a possible duplicate', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.initech);
    const sandbox = journey.driver.sandbox(journey.initech);
    await sandbox.switchOn({ match: { listener: 'paging' }, times: 1, fault: { kind: 'reset-after-accept' } });
    const alert = await acme.alert({ message: 'Payments fail. @oncall-network' });
    const page = await acme.pageIn(journey.initech, alert, 'network');
    expect(page.tags).toContain('possible-duplicate:true');
    const [first, ...others] = await acme.pages(journey.initech);
    expect(others).toHaveLength(1);
    expect(first?.tags).not.toContain('possible-duplicate:true');
  });
});

describe('a credential that loses a permission', () => {
  it('delays its pages until the permission is restored, and then they are delivered', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.initech);
    const sandbox = journey.driver.sandbox(journey.initech);
    await sandbox.permit('cross-org-paging', 'on_call_page', false);
    try {
      const alert = await acme.alert({ message: 'Payments fail. @oncall-database' });
      const fault = await acme.credentialFault();
      expect(fault.missingPermission).toBe('on_call_page');
      expect(await acme.pages(journey.initech)).toEqual([]);
      await sandbox.permit('cross-org-paging', 'on_call_page', true);
      expect(await acme.pageIn(journey.initech, alert, 'database')).toMatchObject({ status: 'triggered' });
    } finally {
      await sandbox.permit('cross-org-paging', 'on_call_page', true);
    }
  });
});
