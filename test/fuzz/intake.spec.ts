import { expect, it } from '@jest/globals';
import { integrationKinds } from '@pagebridge/vocabulary';
import { dialects } from '../harness/hostile-bodies/dialects.ts';
import { hostileBody, nameOf, ordinaryBody, placesOf } from '../harness/hostile-bodies/hostile-bodies.ts';
import { received, recorded, sourcesIn } from './cost/passage.ts';

const fillings = ['no text', 'no text in a list', 'no value', 'prototype', 'null', 'empty texts', 'numbers'];

it.each(integrationKinds)(
  'a body of %s with something else in the place of a text is read or refused',
  async (kind) => {
    const sources = await sourcesIn('src');
    const bodies = placesOf(kind).flatMap((place) =>
      fillings.map((filling) => {
        const shape = { kind, place, filling, alerts: 2 };
        return [nameOf(shape), hostileBody(shape, 3000, 'spec')] as const;
      }),
    );
    const thrown: string[] = [];
    for (const [name, body] of bodies) {
      const passenger = { kind, bytes: Buffer.from(body), isTooMuch: () => false };
      const taken = received(sources, passenger).then((held) => recorded(sources, held, passenger));
      await taken.catch((error) => thrown.push(`${name}: ${error}`));
    }
    expect(thrown).toEqual([]);
  },
);

it.each(integrationKinds)('an ordinary body of %s, to which others are compared, is read whole', async (kind) => {
  const { maxBytes, maxAlerts } = dialects[kind];
  const bytes = Buffer.from(ordinaryBody(kind, maxBytes, 'spec'));
  const held = await received(await sourcesIn('src'), { kind, bytes, isTooMuch: () => false });
  expect(held.letters).toEqual([]);
  expect(held.alerts).toBeGreaterThanOrEqual(Math.min(maxAlerts, 1000));
});

it.each(integrationKinds)('a short body of %s may not have many values: nothing of it stays', async (kind) => {
  const place = placesOf(kind).find((each) => each.endsWith('other')) ?? '';
  const bytes = Buffer.from(hostileBody({ kind, place, filling: 'empty lists', alerts: 1 }, 8192, 'spec'));
  const held = await received(await sourcesIn('src'), { kind, bytes, isTooMuch: () => false });
  expect(held.body).toBeUndefined();
});
