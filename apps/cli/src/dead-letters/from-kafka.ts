import { setTimeout as sleep } from 'node:timers/promises';
import { noSourceOrg, PageCommands } from '@pagebridge/contracts';
import {
  type Bus,
  isSelected,
  KafkaBus,
  type Label,
  type Planned,
  plannedAsJson,
  preview,
  readLabels,
  type Selection,
  send,
} from '@pagebridge/dead-letters';
import { UsageError } from '@pagebridge/process';
import { kafkaOf } from '../kafka/kafka.ts';
import type { Way } from './replay.ts';

/** The dead-letter topics of a Kafka, and in words where that is. */
export interface Kafka {
  readonly bus: Bus;
  readonly where: string;
}

export interface KafkaOptions extends Selection {
  readonly actor?: string;
  readonly forceNewPage?: true;
  readonly maxBatchMib?: number;
  readonly rate: number;
}

/** Returns the Kafka of `--brokers`, or the chosen one. Throws UsageError. */
export function kafkaAt(brokers: string | undefined): Kafka {
  const { where, ...kafka } = kafkaOf('dead-letters', brokers);
  const maxDecompressedBytes = configured(process.env.KAFKA_MAX_BATCH_MIB, 64) * 1024 * 1024;
  return { where, bus: new KafkaBus({ ...kafka, connectTimeoutMs: 10_000, maxDecompressedBytes }) };
}

/** Reads the labels of the chosen letters, without keeping them in memory. */
export const readChosen = (bus: Bus, topics: readonly string[], selection: Selection, on: (label: Label) => void) =>
  readLabels(bus, topics, new Date(), (label) => isSelected(label, selection) && on(label));

/** Returns how letters are sent again without any service. Throws UsageError. */
export function throughKafka({ bus, where }: Kafka, topics: readonly string[], options: KafkaOptions): Way {
  const { actor = '', rate, maxBatchMib, forceNewPage = false } = options;
  const [topic = '', ...others] = topics;
  if (others.length > 0) throw new UsageError(`--topic is missing\nhint: use ${topics.join(' or ')}`);
  if (forceNewPage && topic !== PageCommands.card.topic)
    throw new UsageError('--force-new-page is only for page commands: a replayed alert gets the same page ids again');
  const maxBatchBytes = maxBatchMib && maxBatchMib * 1024 * 1024;
  const reopenAfterMs = configured(process.env.PAGE_REOPEN_AFTER_MINUTES, 60) * 60_000;
  const clock = { now: () => new Date(), sleep: (ms: number) => sleep(ms) };
  let planned: readonly Planned[] = [];
  return {
    where,
    async preview() {
      planned = await preview(bus, topic, options, { forceNewPage, maxBatchBytes, reopenAfterMs }, clock.now());
      return planned.map(plannedAsJson);
    },
    send: (onSent) => send(planned, { rate, by: senderOf(actor), forceNewPage, maxBatchBytes }, { bus, clock }, onSent),
  };
}

/** Anyone who can write to Kafka can replay, so the audit has no authenticated identity. */
const senderOf = (actor: string) => ({
  ...{ service: 'dead-letters', sourceOrg: noSourceOrg },
  ...{ actor: 'urn:pagebridge#dead-letters', onBehalfOf: actor },
});

/** Reads a setting of the services from the environment, so that reads and predictions match theirs. */
const configured = (text: string | undefined, otherwise: number): number =>
  text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : otherwise;
