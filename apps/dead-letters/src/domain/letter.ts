import {
  type Alert,
  Alerts,
  type Command,
  cards,
  deadLetterTopicOf,
  headerText,
  type IncomingRecord,
  PageCommands,
} from '@pagebridge/contracts';
import { alertIdentity } from '@pagebridge/vocabulary';
import { eventTime } from './event-time.ts';

/** A record as it stands in a topic. */
export interface StoredRecord extends IncomingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/** What a dead letter would do if it were sent again. */
export interface Meaning {
  readonly kind: 'trigger' | 'recovery';
  /** `<sourceOrg>/<alertKey>` */
  readonly identity: string;
  /** Of several letters with one subject only the newest is sent. */
  readonly subject: string;
  readonly happenedAt: number;
  /** The page that a command orders. */
  readonly pageId?: string;
}

/** A dead letter, read as far as it can be. */
export interface Letter {
  readonly record: StoredRecord;
  /** `<dead-letter topic>/<partition>/<offset>` */
  readonly name: string;
  /** The topic it was parked from. */
  readonly topic: string;
  readonly key: string;
  readonly reason: string;
  readonly detail: string;
  readonly failedAt: number;
  /** Where it stood before it was parked. */
  readonly origin: { readonly partition: number | undefined; readonly offset: number | undefined };
  readonly meaning: { readonly ok: true; readonly value: Meaning } | { readonly ok: false; readonly why: string };
}

/** Topics that have dead letters, and those of them to which dead letters may be sent again. */
export const deadLetterSources: readonly string[] = cards.filter((card) => card.deadLetter).map((card) => card.topic);
export const replayableTopics: readonly string[] = [Alerts.card.topic, PageCommands.card.topic];

export function letterOf(record: StoredRecord): Letter {
  const topic = deadLetterSources.find((source) => deadLetterTopicOf(source) === record.topic) ?? record.topic;
  const failedAt = Date.parse(headerText(record, 'x-dlq-failed-at') ?? '');
  const letter = {
    record,
    name: `${record.topic}/${record.partition}/${record.offset}`,
    topic,
    key: record.key?.toString('utf8') ?? '',
    reason: headerText(record, 'x-dlq-reason') ?? 'unknown',
    detail: headerText(record, 'x-dlq-detail') ?? '',
    failedAt: Number.isNaN(failedAt) ? record.timestamp : failedAt,
    origin: { partition: count(record, 'x-dlq-partition'), offset: count(record, 'x-dlq-offset') },
  };
  return { ...letter, meaning: meaningOf(topic, record, letter.failedAt) };
}

/** What a record of a topic says about its alert, by the present contract; `seenAt` bounds clocks that run ahead. */
export function meaningOf(topic: string, record: IncomingRecord, seenAt: number): Letter['meaning'] {
  if (topic === Alerts.card.topic) {
    const read = Alerts.decode(record);
    return read.ok ? { ok: true, value: ofAlert(read.event.data, seenAt) } : unreadable(read);
  }
  if (topic === PageCommands.card.topic) {
    const read = PageCommands.decode(record);
    return read.ok ? { ok: true, value: ofCommand(read.event.data, seenAt) } : unreadable(read);
  }
  return {
    ok: false,
    why: `records of ${topic} are wishes and reports of their time; newer ones have taken their place`,
  };
}

const unreadable = ({ reason, detail }: { reason: string; detail: string }) =>
  ({ ok: false, why: `${reason}: ${detail}` }) as const;

function ofAlert({ sourceOrg, alertKey, transition, occurredAt }: Alert, seenAt: number): Meaning {
  const identity = alertIdentity(sourceOrg, alertKey);
  const kind = transition === 'recovered' ? 'recovery' : 'trigger';
  return { kind, identity, subject: `${kind} ${identity}`, happenedAt: eventTime(occurredAt, seenAt) };
}

// One alert may page several teams: each has a command of its own, and none replaces another. Nor does a backup replace a
// page of its own team, or one that stands in for another team.
function ofCommand(command: Command, seenAt: number): Meaning {
  const identity = alertIdentity(command.sourceOrg, command.alertKey);
  const happenedAt = eventTime(command.occurredAt, seenAt);
  if (command.kind === 'resolve') return { kind: 'recovery', identity, subject: `recovery ${identity}`, happenedAt };
  const { connectionId, teamId, failoverOf } = command;
  const instead = failoverOf ? ` for ${failoverOf.connectionId} ${failoverOf.teamId}` : '';
  const subject = `page ${connectionId} ${teamId}${instead} ${identity}`;
  return { kind: 'trigger', identity, subject, happenedAt, pageId: command.pageId };
}

function count(record: IncomingRecord, name: string): number | undefined {
  const text = headerText(record, name);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
