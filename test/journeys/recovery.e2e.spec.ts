import { describe, expect, it } from '@jest/globals';
import { waitFor } from '@pagebridge/testing';
import { Journey } from '../harness/journey.ts';

const journey = new Journey();

describe('a recovery', () => {
  it('resolves every page of its alert even if its text mentions no handle, and no page of another alert', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    const cpu = await acme.alert({ alertKey: 'cpu', message: 'CPU @oncall-core-infra @oncall-search' });
    const disk = await acme.alert({ alertKey: 'disk', message: 'Disk @oncall-payments' });
    await Promise.all([
      acme.pageIn(journey.globex, cpu, 'core-infra'),
      acme.pageIn(journey.globex, cpu, 'search'),
      acme.pageIn(journey.globex, disk, 'payments'),
    ]);
    await acme.alert({ alertKey: 'cpu', transition: 'recovered', message: 'All well.' });
    await waitFor('two resolved pages', async () => {
      const pages = await acme.pages(journey.globex);
      const statusOf = Object.fromEntries(pages.map(({ team, status }) => [team?.handle, status]));
      expect(statusOf).toEqual({ 'core-infra': 'resolved', search: 'resolved', payments: 'triggered' });
      return true;
    });
  });

  it('that follows its trigger immediately never overtakes it', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    const keys = Array.from({ length: 20 }, (_, index) => `flapping-${index}`);
    for (const alertKey of keys) {
      await acme.alert({ alertKey, message: 'Flaps. @oncall-core-infra' });
      await acme.alert({ alertKey, transition: 'recovered', message: '' });
    }
    await waitFor('no page of the alerts still open', async () => {
      const ends = await Promise.all(keys.map((alertKey) => acme.endOf(alertKey)));
      expect(ends.every((end) => end === 'resolved' || end === 'superseded')).toBe(true);
      const open = (await acme.pages(journey.globex)).filter(({ status }) => status !== 'resolved');
      expect(open).toEqual([]);
      return true;
    });
  });

  it('ends the pages before it and none behind it, although each clock is half a minute behind the one before', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    const at = (aheadMs: number) => new Date(Date.now() + aheadMs).toISOString();
    const firing = { alertKey: 'skewed', message: 'It fails. @oncall-core-infra' };
    const first = await acme.alert({ ...firing, occurredAt: at(60_000) });
    await acme.pageIn(journey.globex, first, 'core-infra');
    await acme.alert({ ...firing, transition: 'recovered', occurredAt: at(30_000) });
    await acme.alert({ ...firing, transition: 'retriggered', occurredAt: at(0) });
    await waitFor('one resolved page, and an open one', async () => {
      const pages = await acme.pages(journey.globex);
      expect(pages.map(({ status }) => status).toSorted()).toEqual(['resolved', 'triggered']);
      return true;
    });
  });
});
