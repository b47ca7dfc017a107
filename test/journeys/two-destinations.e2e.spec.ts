import { describe, expect, it } from '@jest/globals';
import { Journey } from '../harness/journey.ts';

const journey = new Journey();

describe('one alert with two handles in two destinations', () => {
  it('pages one team in each, in its own data center', async () => {
    const acme = journey.sourceOrg();
    await Promise.all([acme.connect(journey.globex), acme.connect(journey.initech)]);
    const alert = await acme.alert({ message: 'Checkout is slow: @oncall-core-infra, @oncall-network.' });
    await Promise.all([
      acme.pageIn(journey.globex, alert, 'core-infra'),
      acme.pageIn(journey.initech, alert, 'network'),
    ]);
    expect((await acme.pages(journey.globex)).map(({ team }) => team?.handle)).toEqual(['core-infra']);
    expect((await acme.pages(journey.initech)).map(({ team }) => team?.handle)).toEqual(['network']);
  });

  it('pages over the connection that a qualified handle names', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex, 'Globex');
    const alert = await acme.alert({ message: '@oncall-globex/payments look' });
    expect(await acme.pageIn(journey.globex, alert, 'payments')).toMatchObject({ status: 'triggered' });
  });
});

describe('another source org', () => {
  it('cannot page over a connection of another org', async () => {
    const [acme, umbrella] = [journey.sourceOrg(), journey.sourceOrg()];
    await acme.connect(journey.globex);
    const alert = await umbrella.alert({ message: '@oncall-core-infra' });
    expect((await umbrella.unrouted(alert)).event.data.reason).toBe('unknown-handle');
    expect(await umbrella.pages(journey.globex)).toEqual([]);
    expect(await umbrella.handles()).toEqual([]);
  });
});
