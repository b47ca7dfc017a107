import { afterAll, describe, expect, it } from '@jest/globals';
import { Journey } from '../harness/journey.ts';
import { closeClient } from './http/client.ts';
import { httpTargetNames, httpTargets } from './http/http-targets.ts';
import { feed } from './target.ts';

const journey = new Journey();
// The sandbox is no service of ours, and other journeys use up its rate limits.
const ours = httpTargetNames.filter((name) => name !== 'http oncall-sandbox');

afterAll(closeClient);

describe('an arbitrary HTTP request', () => {
  it.each(ours)('is answered as documented, and causes no error: %s', async (name) => {
    const targets = (await httpTargets(journey.driver.info)).filter((target) => target.name === name);
    expect(await feed(targets, { seed: 1, forMs: 600 })).toMatchObject({
      targets: { [name]: expect.any(Number) },
      found: [],
    });
  });
});
