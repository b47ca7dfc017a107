import { join } from 'node:path';
import { uniqueName } from '@pagebridge/testing';
import type { Testbed } from '../harness/testbed.ts';
import type { Pace, Sent } from './paced.ts';
import type { PublishInput } from './programs/publish-alerts.ts';

const script = join(import.meta.dirname, 'programs/publish-alerts.ts');

/** Publishes alerts of one source org from its own process; each call, of any Load, fires new monitors unless it names them. */
export class Load {
  readonly #testbed: Testbed;
  readonly #input: Pick<PublishInput, 'kafka' | 'topic' | 'sourceOrg' | 'teams'>;
  readonly #monitor = uniqueName('monitor');
  #count = 0;

  constructor(testbed: Testbed, input: Pick<PublishInput, 'kafka' | 'topic' | 'sourceOrg' | 'teams'>) {
    this.#testbed = testbed;
    this.#input = input;
  }

  /** Resolves when every alert has been acknowledged. */
  publish(
    pace: Pace,
    its: Partial<Pick<PublishInput, 'monitor' | 'transition' | 'characters' | 'subject'>> = {},
  ): Promise<Sent> {
    this.#count += 1;
    const monitor = `${this.#monitor}-${this.#count}`;
    return this.#testbed.run<Sent>(script, { ...this.#input, ...pace, monitor, ...its });
  }
}
