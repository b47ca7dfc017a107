import { nowMs } from '../page-path/alerts.ts';
import type { Load } from '../page-path/load.ts';
import type { Pace } from '../page-path/paced.ts';
import type { Destinations } from './destinations.ts';
import { untilStill } from './until-still.ts';

// What arrives later is missing.
const usualStillMs = 30_000;

export interface Delays {
  /** From the planned time of each alert until its page was created or resolved; of a missing one, until now. */
  readonly ms: readonly number[];
  readonly missing: number;
  readonly generatorLateP99Ms: number;
}

/** A source org whose pages are observed at their destination. */
export class SourceOrg {
  readonly #load: Load;
  readonly #destinations: Destinations;

  constructor(load: Load, destinations: Destinations) {
    this.#load = load;
    this.#destinations = destinations;
  }

  /** Fires these monitors at a steady pace. */
  fire = (monitor: string, pace: Pace, stillMs = usualStillMs): Promise<Delays> =>
    this.#delays('created', monitor, pace, stillMs);

  /** Lets these monitors recover at a steady pace. */
  recover = (monitor: string, pace: Pace): Promise<Delays> => this.#delays('resolved', monitor, pace, usualStillMs);

  async #delays(what: 'created' | 'resolved', monitor: string, pace: Pace, stillMs: number): Promise<Delays> {
    const transition = what === 'created' ? 'triggered' : 'recovered';
    const { firstSentAtMs, lateP99Ms } = await this.#load.publish(pace, { monitor, transition });
    await untilStill(async () => (await this.#destinations.counts(monitor))[what], pace.count, { stillMs });
    const times = await this.#destinations.times(monitor, what);
    const now = nowMs();
    const planned = (number: number) => firstSentAtMs + (number / pace.perSecond) * 1000;
    const ms = Array.from({ length: pace.count }, (_, number) => (times.get(number) ?? now) - planned(number));
    return { ms, missing: pace.count - times.size, generatorLateP99Ms: lateP99Ms };
  }
}
