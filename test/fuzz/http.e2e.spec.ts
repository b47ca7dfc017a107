import { afterAll, describe, expect, it } from '@jest/globals';
import { Journey } from '../harness/journey.ts';
import { feed } from './fuzz-targets.ts';
import { closeClient } from './http/client.ts';
import { httpTargetNames, httpTargets } from './http/http-targets.ts';

const journey = new Journey();
// The destinations are not ours, and other journeys need their limits.
const ours = httpTargetNames.filter((name) => name !== 'http oncall-sandbox');

afterAll(closeClient);

describe('whatever is sent over HTTP', () => {
  it.each(ours)('is answered as documented, and nothing fails: %s', async (name) => {
    const targets = (await httpTargets(journey.driver.info)).filter((target) => target.name === name);
    expect(await feed(targets, { seed: 1, forMs: 600 })).toMatchObject({
      targets: { [name]: expect.any(Number) },
      found: [],
    });
  });
});
