import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { IntegrationKind } from '@pagebridge/vocabulary';
import type { Shape } from '../../harness/hostile-bodies/hostile-bodies.ts';
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
