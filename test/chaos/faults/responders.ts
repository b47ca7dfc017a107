import { setTimeout as sleep } from 'node:timers/promises';
import { call, type Destination, Sandbox } from '@pagebridge/local-stack';
import type { Seeded } from '../seed.ts';

const meanGapMs = 350;
const openStatuses = ['triggered', 'acknowledged'] as const;

/** Responders who take and close pages in their destinations, whether or not the alerts fire. */
export class Responders {
  readonly #destinations: readonly Destination[];
  readonly #random: Seeded;

  constructor(destinations: readonly Destination[], random: Seeded) {
    this.#destinations = destinations;
    this.#random = random;
  }

  async run(until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      await this.#respond();
      await sleep(this.#random.between(0, 2 * meanGapMs));
    }
  }

  async #respond(): Promise<void> {
    const { controlUrl } = this.#random.pick(this.#destinations);
    const status = this.#random.pick(openStatuses);
    const action = status === 'triggered' && this.#random.chance(0.5) ? 'acknowledge' : 'resolve';
    const { body: open } = await call<{ id: string }[]>('GET', `${controlUrl}/pages?status=${status}`);
    const index = this.#random.next();
    const page = open[Math.floor(index * open.length)];
    if (page) await new Sandbox(controlUrl).respond(page.id, action);
  }
}
