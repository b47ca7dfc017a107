import {
  type Alert,
  Alerts,
  type ConnectionReport,
  ConnectionReports,
  type Contract,
  headerText,
  type PageCommand,
  PageCommands,
  type PageOutcome,
  PageOutcomes,
  type RecordPlace,
  type ResolveCommand,
  replayedFrom,
  type StoredRecord,
  type UnroutedHandle,
  UnroutedHandles,
} from '@pagebridge/contracts';
import { deadLetterHeaders, deadLetterTopicOf, momentText } from '@pagebridge/vocabulary';

/** A record, and its time in Kafka. */
export interface Place extends RecordPlace {
  readonly at: string;
}

/** What a record says about an alert. */
export type Saying =
  | { readonly kind: 'alert'; readonly eventId: string; readonly alert: Alert; readonly replayOf?: string }
  | { readonly kind: 'unrouted'; readonly unrouted: UnroutedHandle }
  | { readonly kind: 'page'; readonly command: PageCommand; readonly replayOf?: string }
  | { readonly kind: 'resolve'; readonly command: ResolveCommand }
  | { readonly kind: 'outcome'; readonly outcome: PageOutcome }
  | { readonly kind: 'dead-letter'; readonly letter: DeadLetter }
  | { readonly kind: 'report'; readonly report: ConnectionReport }
  | { readonly kind: 'unreadable'; readonly detail: string };

/** A record that needs a person, without its bytes. */
export interface DeadLetter {
  /** The position of the original. */
  readonly of: RecordPlace;
  readonly reason: string;
  readonly detail: string;
}

/** A record on the way of an alert. */
export type Hop = Place & Saying;

const dead = deadLetterTopicOf('');

/** Returns what a record says, also if it cannot be read; `at` is the time of the record in Kafka. */
export function hopOf(record: StoredRecord): Hop {
  const { topic, partition, offset } = record;
  const place = { topic, partition, offset, at: timeOfRecord(record) };
  return { ...place, ...(topic.endsWith(dead) ? { kind: 'dead-letter', letter: letterOf(record) } : sayingOf(record)) };
}

function sayingOf(record: StoredRecord): Saying {
  switch (record.topic) {
    case PageCommands.card.topic:
      return read(PageCommands, record, (command) =>
        command.kind === 'page' ? { kind: 'page', command, ...replay(record) } : { kind: 'resolve', command },
      );
    case UnroutedHandles.card.topic:
      return read(UnroutedHandles, record, (unrouted) => ({ kind: 'unrouted', unrouted }));
    case PageOutcomes.card.topic:
      return read(PageOutcomes, record, (outcome) => ({ kind: 'outcome', outcome }));
    case ConnectionReports.card.topic:
      return read(ConnectionReports, record, (report) => ({ kind: 'report', report }));
    // The shared topic of alerts, or one that an org owns, which has the same schema.
    default:
      return read(Alerts, record, (alert, eventId) => ({
        ...{ kind: 'alert', eventId, alert },
        ...replay(record),
      }));
  }
}

function read<Data>(
  contract: Contract<Data>,
  record: StoredRecord,
  say: (data: Data, eventId: string) => Saying,
): Saying {
  const decoded = contract.decode(record);
  if (decoded.ok) return say(decoded.event.data, decoded.event.id);
  return { kind: 'unreadable', detail: `${decoded.reason}: ${decoded.detail}` };
}

function replay(record: StoredRecord): { readonly replayOf?: string } {
  const replayOf = replayedFrom(record);
  return replayOf === undefined ? {} : { replayOf };
}

function letterOf(record: StoredRecord): DeadLetter {
  const header = (name: keyof typeof deadLetterHeaders) => headerText(record, deadLetterHeaders[name]);
  return {
    of: {
      topic: header('topic') ?? record.topic.slice(0, -dead.length),
      partition: Number(header('partition') ?? -1),
      offset: Number(header('offset') ?? -1),
    },
    reason: header('reason') ?? 'unknown',
    detail: header('detail') ?? '',
  };
}

/** Returns the id of the connection over which a page goes, if the record is about one. */
export function connectionIdOf(hop: Hop): string | undefined {
  if (hop.kind === 'page') return hop.command.connectionId;
  return hop.kind === 'outcome' ? hop.outcome.connectionId : undefined;
}

const beginning = new Date(0).toISOString();

/** Returns the time of a record in Kafka; a producer may write any number. */
export const timeOfRecord = ({ timestamp }: Pick<StoredRecord, 'timestamp'>): string =>
  momentText(timestamp) ?? beginning;
