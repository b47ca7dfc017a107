import { expect, it } from '@jest/globals';
import { integrationKinds } from '@pagebridge/vocabulary';
import { hostileBody, nameOf, ordinaryBody, placesOf } from '../harness/hostile-bodies/hostile-bodies.ts';
import { passage } from './cost/passage.ts';
import { sourcesIn } from './cost/sources.ts';

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
    const thrown = bodies.flatMap(([name, body]) => {
      try {
        // A generator runs as far as it is asked.
        for (const _step of passage(sources, kind, Buffer.from(body), { things: [], alerts: 0 }));
        return [];
      } catch (error) {
        return [`${name}: ${error}`];
      }
    });
    expect(thrown).toEqual([]);
  },
);

it.each(integrationKinds)('an ordinary body of %s, to which others are compared, is read whole', async (kind) => {
  const held = { things: [], alerts: 0 };
  for (const _step of passage(await sourcesIn('src'), kind, Buffer.from(ordinaryBody(kind, 60_000, 'spec')), held));
  expect(held.things).toHaveLength(2);
  expect(held.alerts).toBeGreaterThan(0);
});
