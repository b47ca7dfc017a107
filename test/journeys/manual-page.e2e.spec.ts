import { describe, expect, it } from '@jest/globals';
import { Journey } from '../harness/journey.ts';

const journey = new Journey();

describe('a manual page across orgs', () => {
  it('is refused with its reason and reaches nobody', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    const alert = await acme.alert({ alertKey: 'please', origin: 'manual', message: 'Anyone? @oncall-core-infra' });
    const { event } = await acme.unrouted(alert);
    expect(event.data).toMatchObject({ reason: 'manual-origin', handle: '@oncall-core-infra' });
    expect(event.data.detail).not.toBe('');
    const automated = await acme.alert({ alertKey: 'please', message: 'The monitor says so: @oncall-payments' });
    await acme.pageIn(journey.globex, automated, 'payments');
    expect((await acme.pages(journey.globex)).map(({ team }) => team?.handle)).toEqual(['payments']);
  });
});
