import { randomUUID } from 'node:crypto';
import {
  type Alert,
  type AlertState,
  Alerts,
  type Connection,
  Connections,
  type OutgoingRecord,
  type PageCommand,
  PageCommands,
  type PageState,
  PageStates,
} from '@pagebridge/contracts';
import { aConnection, anAlertRecord, asRead } from '@pagebridge/testing';
import { deadLetterHeaders, deadLetterTopicOf } from '@pagebridge/vocabulary';
import { type Letter, letterOf } from './letter.ts';
import type { StoredRecord } from './record.ts';

export const connectionId = '6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11';

/** Returns a time on the day of all tests. */
export const at = (time: string): Date => new Date(`2026-01-31T${time.padEnd(8, ':00')}.000Z`);

const attributes = () => ({ id: randomUUID(), source: '/spec', time: at('12:00').toISOString() });
const stored = (record: OutgoingRecord, offset: number, its: Partial<StoredRecord> = {}): StoredRecord => ({
  ...asRead(record, { offset }),
  timestamp: at('12:00').getTime(),
  ...its,
});

/** Returns an alert record as a consumer reads it. */
export const anAlertAt = (occurredAt: Date, offset: number, its: Partial<Alert> = {}): StoredRecord =>
  stored(anAlertRecord({ ...its, occurredAt: occurredAt.toISOString() }), offset, { timestamp: occurredAt.getTime() });

/** Returns a page command record as a consumer reads it. */
export const aCommandAt = (occurredAt: Date, offset: number, its: Partial<PageCommand> = {}): StoredRecord => {
  const command: PageCommand = {
    kind: 'page',
    pageId: `pg_${randomUUID()}`,
    sourceOrg: 'acme-us',
    alertKey: 'monitor-1234:host:backend-7',
    alertEventId: randomUUID(),
    transition: 'triggered',
    occurredAt: occurredAt.toISOString(),
    connectionId,
    teamId: 'team-42',
    teamHandle: 'core-infra',
    handle: '@oncall-core-infra',
    matched: 'exact',
    urgency: 'high',
    title: 'High memory usage',
    description: 'High memory usage. @oncall-core-infra',
    tags: [],
    links: [],
    ...its,
  };
  const record = PageCommands.encode(`${command.sourceOrg}/${command.alertKey}`, attributes(), command);
  return stored(record, offset, { timestamp: occurredAt.getTime() });
};

/** Returns a resolve command record as a consumer reads it. */
export const aResolveAt = (occurredAt: Date, offset: number): StoredRecord => {
  const [sourceOrg, alertKey] = ['acme-us', 'monitor-1234:host:backend-7'];
  const command = { kind: 'resolve' as const, sourceOrg, alertKey, alertEventId: randomUUID() };
  const data = { ...command, occurredAt: occurredAt.toISOString() };
  return stored(PageCommands.encode(`${sourceOrg}/${alertKey}`, attributes(), data), offset);
};

/** Returns a ledger record with this state. */
export const aStateAt = (offset: number, its: Partial<AlertState>): StoredRecord => {
  const state: AlertState = {
    sourceOrg: 'acme-us',
    alertKey: 'monitor-1234:host:backend-7',
    ownerEpoch: 1,
    lastEventAt: at('12:00').toISOString(),
    updatedAt: at('12:00').toISOString(),
    pages: [],
    ...its,
  };
  return stored(PageStates.encode(`${state.sourceOrg}/${state.alertKey}`, attributes(), state), offset);
};

/** The time of the preview in all tests. */
export const now = at('18:00');

interface Parked {
  readonly reason?: string;
  readonly failedAt?: Date;
  readonly headers?: StoredRecord['headers'];
}

/** Returns the record as a dead letter. */
export const parked = (
  record: StoredRecord,
  offset: number,
  { reason = 'handler-failed', failedAt = at('13:00'), headers = {} }: Parked = {},
): Letter => {
  const stored: StoredRecord = {
    ...record,
    topic: deadLetterTopicOf(record.topic),
    offset,
    timestamp: failedAt.getTime(),
    headers: {
      ...record.headers,
      [deadLetterHeaders.reason]: reason,
      [deadLetterHeaders.detail]: 'as the spec has it',
      [deadLetterHeaders.partition]: String(record.partition),
      [deadLetterHeaders.offset]: String(record.offset),
      [deadLetterHeaders.failedAt]: failedAt.toISOString(),
      ...headers,
    },
  };
  return letterOf(stored, now);
};

/** Returns a parked batch of these records; the fake bus opens it. */
export const parkedBatch = (records: readonly StoredRecord[], offset: number): Letter => {
  const [first, last] = [records[0], records.at(-1)];
  if (!first || !last) throw new Error('name at least one record');
  const headers = {
    [deadLetterHeaders.codec]: 'zstd',
    [deadLetterHeaders.firstOffset]: String(first.offset),
    [deadLetterHeaders.lastOffset]: String(last.offset),
  };
  const bytes = Buffer.from(`a batch from ${first.offset}`);
  return parked({ ...first, key: null, value: bytes, headers: {} }, offset, { reason: 'undecodable-batch', headers });
};

/** Returns a page of the ledger, accepted at 12:00. */
export const aLedgerPage = (its: Partial<PageState> = {}): PageState => ({
  pageId: 'pg_0123456789abcdef',
  connectionId,
  teamId: 'team-42',
  teamHandle: 'core-infra',
  urgency: 'high',
  status: 'delivered',
  alertEventId: 'e',
  occurredAt: at('12:00').toISOString(),
  triggeredAt: at('12:00').toISOString(),
  acceptedAt: at('12:00').toISOString(),
  attempts: 1,
  resolveAttempts: 0,
  nextAttemptAt: at('12:00').toISOString(),
  possibleDuplicate: false,
  joined: [],
  unreported: [],
  ...its,
});

export const unreadable = (offset: number, value: Buffer | null = null): Letter =>
  parked({ ...anAlertAt(at('12:00'), offset), value }, offset, { reason: value ? 'not-json' : 'null-value' });

export const alertsTopic = Alerts.card.topic;

/** Returns the record of the connection of the commands. */
export const aConnectionAt = (offset: number, its: Partial<Connection> = {}): StoredRecord => {
  const data = aConnection({ connectionId, sourceOrg: 'acme-us', ...its });
  return stored(Connections.encode(data.connectionId, attributes(), data), offset);
};
