import { setImmediate } from 'node:timers/promises';
import { type Alert, Alerts, type Command, type Event, type UnroutedHandle } from '@pagebridge/contracts';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { AlertTopics } from '@pagebridge/routing';
import { aConnection, aHandle, anAlertRecord, asRead } from '@pagebridge/testing';
import { alertIdentity } from '@pagebridge/vocabulary';
import type { Written } from '../../domain/deferred-paging/history.ts';
import { SyncLimiter } from '../../domain/sync-limiter.ts';
import { readAlert } from '../../inbound/read-alert.ts';
import { RegistryChanges } from '../../inbound/registry-changes.ts';
import { outputOf } from '../outputs.ts';
import type { DecisionPublisher, Decisions, Unwritable } from '../ports.ts';
import { RouteAlerts } from '../route-alerts.use-case.ts';
import { DeferredPaging } from './deferred-paging.ts';
import type { History, TopicPartition } from './ports.ts';

export const partition = 3;
export const topicPartition = { topic: Alerts.card.topic, partition };
export const connection = aConnection();
const { connectionId, directory } = connection;

/** Waits for as many turns of the event loop as the pending work needs. */
export const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await setImmediate();
};

/** One partition of Kafka, in memory: the alerts, and the records that routers wrote. */
export class Log implements History, DecisionPublisher {
  now = new Date('2026-06-01T00:00:00Z');
  readonly records: ReturnType<typeof asRead>[] = [];
  readonly unrouted: Written<UnroutedHandle>[] = [];
  readonly written: Written<Command>[] = [];
  /** Each publish waits for this promise. */
  gate: Promise<void> = Promise.resolve();
  failure: Error | undefined;
  readonly unreadable = new Set<number>();

  advance(minutes: number): void {
    this.now = new Date(this.now.getTime() + minutes * 60_000);
  }

  /** Writes an alert now; no two alerts have the same time. */
  append(its: Partial<Alert>): ReturnType<typeof asRead> {
    this.now = new Date(this.now.getTime() + 1);
    const alert = { occurredAt: this.now.toISOString(), message: '', ...its };
    const timestamp = this.now.getTime();
    const record = asRead(anAlertRecord(alert), { partition, offset: this.records.length, timestamp });
    this.records.push(record);
    return record;
  }

  /** The commands in order, each as a short text. */
  get commandTexts(): string[] {
    return this.written.map(({ data }) => (data.kind === 'page' ? `page ${data.handle}` : 'resolve'));
  }

  get pages() {
    return this.written.flatMap(({ data }) => (data.kind === 'page' ? [data] : []));
  }

  async publish({ decided }: Decisions, signal: AbortSignal): Promise<readonly Unwritable[]> {
    await Promise.race([this.gate, new Promise((_, reject) => signal.addEventListener('abort', reject))]);
    if (this.failure) throw this.failure;
    const writtenAtMs = this.now.getTime();
    for (const { event, decisions } of decided) {
      for (const decision of decisions) {
        const data = outputOf(event, decision)?.data;
        if (!data) continue;
        if ('kind' in data) this.written.push({ data: data as Command, writtenAtMs });
        else this.unrouted.push({ data: data as UnroutedHandle, writtenAtMs });
      }
    }
    return [];
  }

  async waiting(_partition: number, sinceMs: number, onRecord: Parameters<History['waiting']>[2]) {
    if (this.failure) throw this.failure;
    for (const record of this.unrouted) if (record.writtenAtMs >= sinceMs) onRecord(record);
  }

  async commands(
    _partition: number,
    sinceMs: number,
    identities: ReadonlySet<string>,
    onCommand: Parameters<History['commands']>[3],
  ): Promise<void> {
    for (const command of this.written) {
      const { data, writtenAtMs } = command;
      if (writtenAtMs >= sinceMs && identities.has(alertIdentity(data.sourceOrg, data.alertKey))) onCommand(command);
    }
  }

  async alerts(_from: TopicPartition, offsets: Iterable<number>): Promise<ReadonlyMap<number, Event<Alert>>> {
    const alerts = new Map<number, Event<Alert>>();
    for (const offset of offsets) {
      const read = this.records[offset] && Alerts.decode(this.records[offset]);
      if (read?.ok && !this.unreadable.has(offset)) alerts.set(offset, read.event);
    }
    return alerts;
  }
}

/** The parts of page-routing, wired as in the module, for the partition of a log. */
export class Router {
  readonly registry = new HandleRegistry();
  readonly notices: string[] = [];
  readonly late: DeferredPaging;
  readonly feed: RegistryChanges;
  isMember = true;
  /** The part of the registry that was not read. */
  gap: string | undefined;
  private readonly alerts: RouteAlerts;

  constructor(
    readonly log: Log,
    windowMs = 600_000,
    private readonly from: TopicPartition = topicPartition,
  ) {
    const clock = { now: () => log.now, sleep: async () => void (await setImmediate()) };
    const { registry } = this;
    const topics = new AlertTopics();
    const note = (kind: string) => (_subject: unknown, detail?: unknown) =>
      void this.notices.push(`${kind} ${detail ?? ''}`);
    const count = () => undefined;
    this.late = new DeferredPaging({
      registry,
      publisher: log,
      history: log,
      clock,
      windowMs,
      notices: { paged: note('paged'), givenUp: note('given up'), delayed: note('delayed') },
      meter: { latePages: count, givenUp: count },
      isMember: () => this.isMember,
      ownsTopic: (sourceOrg) => topics.isOwner(sourceOrg),
    });
    this.feed = new RegistryChanges(registry, this.late, topics);
    const meter = {
      alerts: count,
      decisions: count,
      unrouted: count,
      fallbacks: count,
      failovers: count,
      keyMismatches: count,
      batch: count,
    };
    const notices = { unrouted: count, fellBack: count, keyDiffers: count };
    const limiter = new SyncLimiter(10_000);
    const maxAgeMs = 14_400_000;
    this.alerts = new RouteAlerts({
      registry,
      gapOf: () => this.gap,
      topics,
      publisher: log,
      limiter,
      late: this.late,
      meter,
      notices,
      clock,
      maxAgeMs,
    });
  }

  connect(): this {
    this.feed.applyConnection(connectionId, connection);
    return this;
  }

  addTeam(teamHandle: string): void {
    this.feed.applyHandle(directory, teamHandle, aHandle({ directory, teamId: teamHandle, teamHandle }));
  }

  removeTeam(teamHandle: string): void {
    this.feed.applyHandle(directory, teamHandle, null);
  }

  own(): this {
    this.late.own({ topic: this.from.topic, partition });
    return this;
  }

  /** Routes records of the log in one batch. */
  async route(...records: ReturnType<typeof asRead>[]): Promise<void> {
    const alerts = records.map((record) => readAlert({ ...record, topic: this.from.topic }));
    await this.late.runExclusive(this.from, () => this.alerts.route(alerts, this.from));
  }

  /** Writes an alert now and routes it. */
  async alert(its: Partial<Alert>): Promise<void> {
    await this.route(this.log.append(its));
  }
}
