import { PageOutcomes } from '@pagebridge/contracts';
import { type ConsumedRecord, TableView } from '@pagebridge/kafka';
import { type KafkaAccess, settingsOf } from '../../harness/kafka-access.ts';
import type { Lull } from '../audit/times.ts';
import type { Load } from '../load.ts';
import type { ChaosOptions } from '../options.ts';
import type { Link } from '../world.ts';

const lullMs = 15_000;
/** The usual time in each minute until the faults are repaired. */
const healingMs = 10_000;
/** The time limit within which alerts must be served again in a lull. */
const patienceMs = 60_000;

/** Returns the durations of the periods with faults, in milliseconds: one, or one in each minute before its lull. */
export function stretchesOf({ minutes, hostile }: Pick<ChaosOptions, 'minutes' | 'hostile'>): number[] {
  const ms = minutes * 60_000;
  if (!hostile) return [ms];
  const lulls = Math.ceil(minutes);
  return Array.from({ length: lulls }, () => Math.max(ms / lulls - lullMs - healingMs, healingMs));
}

interface Awaited {
  readonly after: number;
  readonly partitions: Set<number>;
  readonly destinations: Set<string>;
  readonly served: (at: number) => void;
}

/** Detects when alerts are served again on every partition and in every destination. */
export class ServiceWatch {
  readonly #view: TableView;
  readonly #links: readonly Link[];
  #awaited: Awaited | undefined;

  constructor(kafka: KafkaAccess, links: readonly Link[]) {
    this.#links = links;
    this.#view = new TableView(settingsOf(kafka, 'subscribers-chaos'), {
      topics: [PageOutcomes.card.topic],
      onRecord: (record) => void this.#take(record),
    });
  }

  start = (): Promise<void> => this.#view.start();
  stop = (): Promise<void> => this.#view.stop();

  /** Waits after the last fault until alerts are served again, and then for 15 s. */
  async lull(load: Load, pause: (ms: number) => Promise<void>, say: (line: string) => void): Promise<Lull> {
    const healedAt = Date.now();
    say('nothing is broken but the input');
    const served = this.#untilServed(load.count);
    load.mentionEachDestination();
    const servedAt = await Promise.race([served, pause(patienceMs).then(() => undefined)]);
    say(servedAt ? `served again after ${servedAt - healedAt} ms` : `not served again: ${this.#missing}`);
    await pause(lullMs);
    return { healedAt, until: Date.now(), ...(servedAt ? { servedAt } : {}) };
  }

  /**
   * Resolves with the time in milliseconds at which each partition and each destination has had a page of an alert whose
   * number is above `after`.
   */
  #untilServed(after: number): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    const partitions = new Set(Array.from({ length: PageOutcomes.card.partitions }, (_, partition) => partition));
    const destinations = new Set(this.#links.map(({ destination }) => destination.org));
    this.#awaited = { after, partitions, destinations, served: resolve };
    return promise;
  }

  /** The missing partitions and destinations, as text. */
  get #missing(): string {
    const { partitions = [], destinations = [] } = this.#awaited ?? {};
    return [...[...partitions].map((it) => `partition ${it}`), ...destinations].join(', ');
  }

  #take(record: ConsumedRecord): void {
    const awaited = this.#awaited;
    if (!awaited) return;
    const decoded = PageOutcomes.decode(record);
    if (!decoded.ok || decoded.event.data.outcome !== 'delivered') return;
    const { alertEventId, connectionId } = decoded.event.data;
    const [, number] = /^event-(\d+)$/.exec(alertEventId) ?? [];
    if (number === undefined || Number(number) <= awaited.after) return;
    const link = this.#links.find((it) => it.connectionId === connectionId);
    awaited.partitions.delete(record.partition);
    if (link) awaited.destinations.delete(link.destination.org);
    if (awaited.partitions.size + awaited.destinations.size > 0) return;
    this.#awaited = undefined;
    awaited.served(Date.now());
  }
}
