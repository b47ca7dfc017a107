import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@pagebridge/vocabulary';
import { kafkaOf } from '../kafka/kafka.ts';
import { type Ask, asker } from '../output/ask.ts';
import { type Bus, KafkaBus } from './kafka-bus.ts';
import type { Selection } from './letters/selection.ts';

/** The dead letters that the options choose. */
export interface Chosen extends Selection {
  readonly topics: readonly string[];
}

/** Where the commands read, wait and ask. */
export interface World {
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly open: (brokers: string | undefined) => Bus;
  /** Undefined without a terminal. */
  readonly ask: Ask | undefined;
  /** The reopen age of page-delivery: a trigger that is this much younger than an open page creates a new page. */
  readonly reopenAfterMs: number;
}

/** The world of a command that runs. */
export type At = Omit<World, 'open'> & { readonly bus: Bus };

export const realWorld = (): World => ({
  clock: { now: () => new Date(), sleep: (ms) => sleep(ms) },
  open: (brokers) => {
    const { where, ...kafka } = kafkaOf('dead-letters', brokers);
    const maxDecompressedBytes = configured(process.env.KAFKA_MAX_BATCH_MIB, 64) * 1024 * 1024;
    return new KafkaBus({ ...kafka, connectTimeoutMs: 10_000, maxDecompressedBytes }, where);
  },
  ask: asker(),
  reopenAfterMs: configured(process.env.PAGE_REOPEN_AFTER_MINUTES, 60) * 60_000,
});

/** Reads a setting of the services from the environment, so that reads and predictions match theirs. */
const configured = (text: string | undefined, otherwise: number): number =>
  text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : otherwise;
