import { type IntegrationKind, integrationKinds } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import { dialects } from '../../harness/hostile-bodies/dialects.ts';
import { fillingNames } from '../../harness/hostile-bodies/fillings.ts';
import { nameOf, placesOf, type Shape } from '../../harness/hostile-bodies/hostile-bodies.ts';
import { worst } from '../../harness/hostile-bodies/worst.ts';
import { promise, type Target, target } from '../target.ts';
import type { Meter } from './meter.ts';

const shapeOf = (kind: IntegrationKind): fc.Arbitrary<Shape> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...worst[kind]) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant(kind),
        place: fc.constantFrom(...placesOf(kind)),
        filling: fc.constantFrom(...fillingNames),
        alerts: fc.constantFrom(...[1, 10, 100, 1000, 10_000].filter((alerts) => alerts <= dialects[kind].maxAlerts)),
      }),
    },
  );

/** A few lengths, since an ordinary body of each is measured too, once. */
const lengthsOf = (kind: IntegrationKind): readonly number[] => {
  const { maxBytes } = dialects[kind];
  return [4096, 32_768, 131_072, maxBytes];
};

/** Returns a target for each kind of source: what a body costs, refused or not, is not far from what an ordinary one of its length does. */
export const costTargets = (meter: Meter): Target[] =>
  integrationKinds.map((kind) => {
    const lengths = lengthsOf(kind);
    const unprepared = [...lengths];
    const cases = fc.record({ shape: shapeOf(kind), length: fc.constantFrom(...lengths) });
    return target(
      `cost of ${kind}`,
      cases,
      ({ shape, length }) => look(meter, shape, length),
      async () => {
        for (const length of unprepared.splice(0)) await meter.measure({ kind, length });
      },
    );
  });

async function look(meter: Meter, shape: Shape, length: number): Promise<void> {
  const measured = await meter.measure({ kind: shape.kind, length, shape });
  const name = `${nameOf(shape)}, ${length} bytes`;
  promise('cost' in measured, `${name}: ${'threw' in measured && measured.threw}`);
  const { cost, weight } = measured;
  promise(cost.ms <= cost.mostMs, `${name}: ${cost.ms.toFixed(1)} ms of CPU, at most ${cost.mostMs.toFixed(1)}`);
  promise(weight.bytes <= weight.most, `${name}: ${Math.round(weight.bytes)} bytes stay, at most ${weight.most}`);
}
