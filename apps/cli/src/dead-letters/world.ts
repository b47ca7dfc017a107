import { setTimeout as sleep } from 'node:timers/promises';
import { type Bus, KafkaBus, type Selection } from '@pagebridge/dead-letters';
import type { Clock } from '@pagebridge/vocabulary';
import { kafkaOf } from '../kafka/kafka.ts';
import { type Ask, asker } from '../output/ask.ts';

/** The dead letters that the options choose. */
export interface Chosen extends Selection {
  readonly topics: readonly string[];
}

/** Where the commands read, wait and ask. */
export interface World {
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  /** `where`: in words, for the question. */
  readonly open: (brokers: string | undefined) => { readonly bus: Bus; readonly where: string };
  /** Undefined without a terminal. */
  readonly ask: Ask | undefined;
  /** The reopen age of page-delivery: a trigger that is this much younger than an open page creates a new page. */
  readonly reopenAfterMs: number;
}

/** The world of a command that runs. */
export type At = Omit<World, 'open'> & ReturnType<World['open']>;

export const realWorld = (): World => ({
  clock: { now: () => new Date(), sleep: (ms) => sleep(ms) },
  open: (brokers) => {
    const { where, ...kafka } = kafkaOf('dead-letters', brokers);
    const maxDecompressedBytes = configured(process.env.KAFKA_MAX_BATCH_MIB, 64) * 1024 * 1024;
    return { where, bus: new KafkaBus({ ...kafka, connectTimeoutMs: 10_000, maxDecompressedBytes }) };
  },
  ask: asker(),
  reopenAfterMs: configured(process.env.PAGE_REOPEN_AFTER_MINUTES, 60) * 60_000,
});

/** Reads a setting of the services from the environment, so that reads and predictions match theirs. */
const configured = (text: string | undefined, otherwise: number): number =>
  text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : otherwise;
