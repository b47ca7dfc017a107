import {
  type Alert,
  type AlertState,
  Alerts,
  type Connection,
  type ConnectionReport,
  ConnectionReports,
  type OutgoingRecord,
  type PageCommand,
  PageCommands,
  type PageOutcome,
  PageOutcomes,
  type UnroutedHandle,
  UnroutedHandles,
} from '@pagebridge/contracts';
import { aConnection, anAlert } from '@pagebridge/testing';
import { deadLetterHeaders } from '@pagebridge/vocabulary';
import type { Lag } from './cause.ts';
import { hopOf } from './hop.ts';
import { type Trace, traceOf } from './trace.ts';

export const sourceOrg = 'acme-us';
export const alertKey = 'monitor-4';
const key = `${sourceOrg}/${alertKey}`;
export const connection = aConnection({ connectionId: '0199c1de-7a2b-7c3d-8e4f-5a6b7c8d9e0f' });
export const other = aConnection({ name: 'Initech AP', slug: 'initech-ap' });

/** A time in the night of the alert: minutes and seconds after 02:58. */
export const at = (minute: number, second = 0, ms = 0): string =>
  new Date(Date.UTC(2026, 10, 30, 2, 58 + minute, second, ms)).toISOString();

/** The topics of one night, to which each record is added at a time. */
export class Night {
  private readonly records: { record: OutgoingRecord; offset: number; time: string }[] = [];
  readonly missing: string[] = [];
  readonly keptSince = new Map<string, string>();
  lags: Lag[] = [];
  ledger: AlertState | undefined;
  mayLackRouting = false;

  private readonly occurred = new Map<string, string>();

  private add(time: string, record: OutgoingRecord): void {
    const offset = this.records.filter((one) => one.record.topic === record.topic).length;
    this.records.push({ record, offset, time });
  }

  alert(id: string, time: string, its: Partial<Alert> = {}, headers: Record<string, string> = {}): void {
    const data = anAlert({
      sourceOrg,
      alertKey,
      title: 'Latency',
      occurredAt: time,
      message: '@oncall-core-infra',
      ...its,
    });
    this.occurred.set(id, data.occurredAt);
    const record = Alerts.encode(key, { id, source: '//monitors', time }, data);
    this.add(time, { ...record, headers: { ...record.headers, ...headers } });
  }

  page(
    eventId: string,
    pageId: string,
    time: string,
    its: Partial<PageCommand> = {},
    headers: Record<string, string> = {},
  ): void {
    const data: PageCommand = {
      ...{
        kind: 'page',
        pageId,
        sourceOrg,
        alertKey,
        alertEventId: eventId,
        transition: 'triggered',
        occurredAt: this.occurred.get(eventId) ?? time,
      },
      ...{ connectionId: connection.connectionId, teamId: 't', teamHandle: 'core-infra', handle: '@oncall-core-infra' },
      ...{ matched: 'exact', urgency: 'high', title: 'Latency', description: '', tags: [], links: [] },
      ...its,
    };
    const record = PageCommands.encode(key, { id: pageId, source: '/x', time }, data);
    this.add(time, { ...record, headers: { ...record.headers, ...headers } });
  }

  resolve(eventId: string, time: string): void {
    const occurredAt = this.occurred.get(eventId) ?? time;
    const data = { kind: 'resolve' as const, sourceOrg, alertKey, alertEventId: eventId, occurredAt };
    this.add(time, PageCommands.encode(key, { id: eventId, source: '/x', time }, data));
  }

  unrouted(eventId: string, time: string, its: Partial<UnroutedHandle> = {}): void {
    const data: UnroutedHandle = {
      ...{
        sourceOrg,
        alertKey,
        alertEventId: eventId,
        title: 'Latency',
        occurredAt: this.occurred.get(eventId) ?? time,
        handle: '@oncall-core-infr',
      },
      ...{ reason: 'unknown-handle', detail: 'No active connection of acme-us has the handle @oncall-core-infr.' },
      ...its,
    };
    this.add(time, UnroutedHandles.encode(key, { id: eventId, source: '/x', time }, data));
  }

  outcome(eventId: string, pageId: string, time: string, its: Partial<PageOutcome>): void {
    const data: PageOutcome = {
      ...{ sourceOrg, alertKey, alertEventId: eventId, pageId, connectionId: connection.connectionId },
      ...{ teamHandle: 'core-infra', outcome: 'delivered', at: time, attempts: 1, possibleDuplicate: false },
      ...its,
    };
    this.add(time, PageOutcomes.encode(key, { id: `${pageId}/${data.outcome}/${time}`, source: '/x', time }, data));
  }

  report(time: string, kind: 'credential-fault' | 'repaired', its: Partial<ConnectionReport> = {}): void {
    const { connectionId } = connection;
    const common = { connectionId, sourceOrg, reportedBy: 'page-delivery', credentialRevision: 1, at: time };
    const fault = kind === 'repaired' ? {} : { detail: '403, and the cure' };
    const data = { kind, ...common, ...fault, ...its } as ConnectionReport;
    this.add(time, ConnectionReports.encode(connectionId, { id: time, source: '/x', time }, data));
  }

  deadLetter(topic: string, offset: number, time: string, reason: string): void {
    const of = {
      [deadLetterHeaders.topic]: topic,
      [deadLetterHeaders.partition]: '0',
      [deadLetterHeaders.offset]: `${offset}`,
    };
    const headers = { ...of, [deadLetterHeaders.reason]: reason, [deadLetterHeaders.detail]: 'It is 7 h old.' };
    this.add(time, { topic: `${topic}.dead`, key, value: 'x', headers });
  }

  garbage(topic: string, time: string): void {
    this.add(time, { topic, key, value: '{', headers: {} });
  }

  get trace(): Trace {
    return this.tracedWith(connection);
  }

  /** Traces the alert where its connection has changed since. */
  tracedWith(its: Connection): Trace {
    const hops = this.records.map(({ record, offset, time }) =>
      hopOf({ ...record, partition: 0, offset, timestamp: Date.parse(time) }),
    );
    const { missing, ledger, keptSince, mayLackRouting } = this;
    const connections = new Map([its, other].map((one) => [one.connectionId, one]));
    return traceOf(
      { sourceOrg, alertKey, hops, ledger, connections, missing, mayLackRouting, keptSince },
      this.lags,
      new Date(at(15)),
    );
  }

  get sentence(): string {
    return this.trace.answer.sentence;
  }
}

export const first = 'page-0000000000001';
export const second = 'page-0000000000002';

export function aNight(): Night {
  const night = new Night();
  night.alert('e1', at(0));
  return night;
}
