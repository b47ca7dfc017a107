import { join } from 'node:path';
import { uniqueName } from '@pagebridge/testing';
import type { Ground } from '../harness/ground.ts';
import type { Pace, Sent } from './paced.ts';
import type { PublishInput } from './programs/publish-alerts.ts';

const script = join(import.meta.dirname, 'programs/publish-alerts.ts');

/** Publishes alerts of one source org from a process of its own; no two calls, of no two of these, fire the same monitors. */
export class Load {
  readonly #ground: Ground;
  readonly #input: Pick<PublishInput, 'kafka' | 'topic' | 'sourceOrg' | 'teams'>;
  readonly #monitor = uniqueName('monitor');
  #count = 0;

  constructor(ground: Ground, input: Pick<PublishInput, 'kafka' | 'topic' | 'sourceOrg' | 'teams'>) {
    this.#ground = ground;
    this.#input = input;
  }

  /** Resolves when every alert has been acknowledged. */
  publish(pace: Pace): Promise<Sent> {
    this.#count += 1;
    return this.#ground.run<Sent>(script, { ...this.#input, ...pace, monitor: `${this.#monitor}-${this.#count}` });
  }
}
