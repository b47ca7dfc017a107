import { describe, expect, it } from '@jest/globals';
import { handleOf } from '@pagebridge/vocabulary';
import { Journey } from '../harness/journey.ts';

const journey = new Journey();

describe('an alert in one org', () => {
  it('pages the on-call team of another org, once, with a link back to its source', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    const alert = await acme.alert({
      message: 'High memory usage detected on backend services. @oncall-core-infra',
      links: [{ title: 'Monitor', url: 'https://monitors.acme.example/monitors/1234' }],
      tags: ['service:backend'],
    });
    const page = await acme.pageIn(journey.globex, alert, 'core-infra');
    expect(page).toMatchObject({
      title: alert.title,
      urgency: 'high',
      status: 'triggered',
      team: { handle: 'core-infra' },
    });
    expect(page.description).toContain('High memory usage detected on backend services.');
    expect(page.description).toContain('https://monitors.acme.example/monitors/1234');
    expect(page.tags).toContain('service:backend');
    expect(await acme.pages(journey.globex)).toHaveLength(1);
    expect(await acme.pages(journey.initech)).toEqual([]);
  });

  it('pages with low urgency when its transition is `warned`', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    const alert = await acme.alert({
      alertKey: 'disk',
      transition: 'warned',
      message: 'Disk at 80 %. @oncall-payments',
    });
    expect(await acme.pageIn(journey.globex, alert, 'payments')).toMatchObject({ urgency: 'low' });
  });

  it('pages nobody twice when its event is published twice', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    const event = { alertKey: 'cpu', message: 'CPU. @oncall-core-infra', occurredAt: new Date().toISOString() };
    const alert = await acme.alert(event, 'event-1');
    await acme.alert(event, 'event-1');
    const last = await acme.alert({ alertKey: 'cpu', message: 'And now @oncall-search' }, 'event-2');
    await acme.pageIn(journey.globex, last, 'search');
    await acme.pageIn(journey.globex, alert, 'core-infra');
    expect((await acme.pages(journey.globex)).map(({ team }) => team?.handle).toSorted()).toEqual([
      'core-infra',
      'search',
    ]);
  });
});

describe('handles of a new connection', () => {
  it('can be used soon after Add Connection', async () => {
    const acme = journey.sourceOrg();
    const started = performance.now();
    await acme.connect(journey.globex);
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(await acme.handles('core')).toEqual([handleOf('core-infra')]);
  });
});
