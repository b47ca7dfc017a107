import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { type IntegrationKind, integrationKinds } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import { dialects } from '../../harness/hostile-bodies/dialects.ts';
import { fillingNames, nameOf, placesOf, type Shape, worst } from '../../harness/hostile-bodies/hostile-bodies.ts';
import { promise, type Target, target } from '../target.ts';
import type { Cost, Weight } from './cost.ts';

/** A body to measure, of a shape and of at most so many bytes; without a shape an ordinary one, to which the others are compared. */
export interface Asked {
  readonly kind: IntegrationKind;
  readonly length: number;
  readonly shape?: Shape;
}

/** What a body costs, or what it threw. */
export type Measured = { readonly cost: Cost; readonly weight: Weight } | { readonly threw: string };

/**
 * Measures bodies in a process of its own: nothing else is done there, and it runs alert-intake as built, which this process, since it runs
 * all others from their sources, cannot.
 */
export class Meter {
  #child: ChildProcess | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** Measures one body after the other, also if nobody waits for the one before any more. */
  measure(asked: Asked): Promise<Measured> {
    const measured = this.#last.then(() => this.#ask(asked));
    this.#last = measured.catch(() => undefined);
    return measured;
  }

  #ask(asked: Asked): Promise<Measured> {
    this.#child ??= fork(join(import.meta.dirname, 'measure.ts'), { execArgv: ['--expose-gc'] });
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const end = () => reject(new Error('the process that measures has ended'));
      child.once('exit', end);
      child.once('message', (measured: Measured) => {
        child.off('exit', end);
        resolve(measured);
      });
      child.send(asked);
    });
  }

  stop(): void {
    this.#child?.kill();
    this.#child = undefined;
  }
}

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
