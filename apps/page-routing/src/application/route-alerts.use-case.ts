import { setImmediate } from 'node:timers/promises';
import type { Alert, Unreadable, UnreadableReason } from '@pagebridge/contracts';
import { type AlertTopics, type Decision, decide, type GapOf, type Refused, type Registry } from '@pagebridge/routing';
import type { Clock } from '@pagebridge/vocabulary';
import type { SyncLimiter } from '../domain/sync-limiter.ts';
import { tooOld } from '../domain/too-old.ts';
import type { DeferredPaging } from './deferred-paging/deferred-paging.ts';
import type { TopicPartition } from './deferred-paging/ports.ts';
import type {
  Decided,
  DecisionPublisher,
  Decisions,
  ReadAlert,
  RoutingMeter,
  RoutingNotices,
  TracedRequest,
  Unwritable,
} from './ports.ts';
import { syncRequestsFor } from './sync-requests.ts';
import { Tally } from './tally.ts';

/** An alert that is parked in the dead letters. */
export interface ParkedAlert {
  readonly offset: number;
  readonly reason: Refused['reason'] | UnreadableReason | 'unwritable';
  readonly detail: string;
  /** True if the alert has no fault, so that it is a dead letter of its own even in a flood. */
  readonly isSound?: boolean;
}

export interface RouteAlertsParts {
  readonly registry: Registry;
  readonly gapOf: GapOf;
  readonly topics: Pick<AlertTopics, 'refusalOf'>;
  readonly publisher: DecisionPublisher;
  readonly limiter: SyncLimiter;
  readonly late: Pick<DeferredPaging, 'partitionOf'>;
  readonly meter: RoutingMeter;
  readonly notices: RoutingNotices;
  readonly clock: Pick<Clock, 'now'>;
  /** An alert that is older than this when it is read pages nobody. */
  readonly maxAgeMs: number;
}

/**
 * The maximum number of alerts in one publish. Fewer would cost more publishes; more would delay heartbeats, answers of Kafka
 * and other partitions.
 */
export const partSize = 100;
const maxPartBytes = 1024 * 1024;
// One alert may page a hundred teams, each with its text, and a small compressed batch may contain very many such alerts. The
// output of a full fetch of common alerts is far below this limit, and can be written within the timeout of a publish.
const maxRunBytes = 8 * 1024 * 1024;
// The size of an output without the text of its alert: ids, the team and the source.
const outputOverheadBytes = 1024;

/** Routes batches of alerts in parts: while one part is being written, the next is decided. */
export class RouteAlerts {
  constructor(private readonly parts: RouteAlertsParts) {}

  /**
   * Routes alerts of one partition. Resolves with the alerts to park, once Kafka has acknowledged all other records.
   * Stops iterating when the alerts lead to too many bytes; the caller passes the rest later.
   *
   * Rejects if it is not known whether everything was written: the caller passes the same alerts again, which gives the same ids.
   */
  async route(alerts: Iterable<ReadAlert>, from: TopicPartition): Promise<ParkedAlert[]> {
    const { clock, late } = this.parts;
    const run: Run = {
      from,
      late: late.partitionOf(from),
      now: clock.now(),
      tally: new Tally(),
      parked: [],
      requests: [],
      bytes: 0,
    };
    try {
      const unwritable = await this.publishAll(alerts, run);
      run.tally.report(this.parts.meter);
      if (unwritable.length > 0) this.parts.meter.alerts('unwritable', unwritable.length);
      return [...run.parked, ...unwritable.map((alert) => ({ ...alert, reason: 'unwritable' as const }))];
    } catch (error) {
      // The alerts are routed again, and the limiter must then admit their sync requests.
      for (const { request } of run.requests) this.parts.limiter.giveBack(request.directory);
      throw error;
    }
  }

  private async publishAll(alerts: Iterable<ReadAlert>, run: Run): Promise<Unwritable[]> {
    const writes: Promise<readonly Unwritable[]>[] = [];
    const failure = new AbortController();
    try {
      for (const write of this.writesOf(alerts, run, failure.signal)) {
        // A later part must not be written without this one: it may have the recovery of an alert whose trigger is in this one.
        write.catch((error) => failure.abort(error));
        writes.push(write);
        // Let the event loop handle answers of Kafka and other partitions. The next part is decoded only after that, so that
        // decoded alerts do not pile up.
        await setImmediate();
        if (run.bytes >= maxRunBytes || failure.signal.aborted) break;
      }
    } finally {
      // No write may be in flight when the same alerts are routed again.
      await Promise.allSettled(writes);
    }
    failure.signal.throwIfAborted();
    return (await Promise.all(writes)).flat();
  }

  /** Yields the write of each part. Decides a part only when the caller asks for the next write. */
  private *writesOf(
    alerts: Iterable<ReadAlert>,
    run: Run,
    signal: AbortSignal,
  ): Generator<Promise<readonly Unwritable[]>> {
    let part: Part = { decided: [], alerts: 0, bytes: 0 };
    for (const alert of alerts) {
      const decided = this.decideOn(alert, run);
      if (decided) part.decided.push(decided);
      part.alerts += 1;
      part.bytes += (alert.bytes + outputOverheadBytes) * Math.max(1, decided?.decisions.length ?? 0);
      if (part.alerts < partSize && part.bytes < maxPartBytes) continue;
      const write = this.parts.publisher.publish(this.completed(part, run), signal);
      // Dropped before the caller waits, so that the alerts in flight can be garbage-collected.
      part = { decided: [], alerts: 0, bytes: 0 };
      yield write;
    }
    if (part.alerts > 0) yield this.parts.publisher.publish(this.completed(part, run), signal);
  }

  private completed({ decided, bytes }: Part, run: Run): Decisions {
    const { registry, limiter } = this.parts;
    const requests = syncRequestsFor(decided, registry, limiter, run.now);
    run.requests.push(...requests);
    run.bytes += bytes;
    return { decided, requests };
  }

  private decideOn({ read, offset, writtenAtMs, alertRecord }: ReadAlert, run: Run): Decided | undefined {
    if (!read.ok) return refuse(offset, read, run);
    const { event } = read;
    const { registry, gapOf, topics, maxAgeMs, notices } = this.parts;
    const verdict =
      topics.refusalOf(event.data.sourceOrg, run.from.topic, writtenAtMs) ??
      tooOld(event.data, writtenAtMs, run.now, maxAgeMs) ??
      decide(event, registry, run.now, gapOf, alertRecord);
    if (!verdict.ok) return refuse(offset, verdict, run);
    const record = { event, offset, writtenAtMs, alertRecord };
    const decisions = run.late?.note(record, verdict.decisions, run.now) ?? verdict.decisions;
    run.tally.add({ ok: true, decisions });
    reportTo(notices, event.data, decisions);
    return { event, offset, decisions };
  }
}

/** The state of one call of `route`. */
interface Run {
  readonly from: TopicPartition;
  readonly late: ReturnType<DeferredPaging['partitionOf']>;
  readonly now: Date;
  readonly tally: Tally;
  readonly parked: ParkedAlert[];
  readonly requests: TracedRequest[];
  bytes: number;
}

/** The alerts of one publish. */
interface Part {
  readonly decided: Decided[];
  /** The number of alerts, including refused ones. */
  alerts: number;
  /** An upper estimate of the bytes to write: an output is little larger than its alert. */
  bytes: number;
}

function refuse(offset: number, refusal: Refused | Unreadable, { tally, parked }: Run): undefined {
  tally.add(refusal);
  const { reason, detail } = refusal;
  // An alert that became too old during a long outage is not faulty: all such alerts must be replayable, however many they are.
  parked.push({ offset, reason, detail, ...(reason === 'too-old' ? { isSound: true } : {}) });
}

function reportTo(notices: RoutingNotices, alert: Alert, decisions: readonly Decision[]): void {
  for (const decision of decisions) {
    if (decision.kind === 'unrouted') notices.unrouted(decision.record);
    else if (decision.kind !== 'resolve' && decision.fallbackFor) {
      notices.fellBack(alert, decision.fallbackFor, decision.resolution);
    }
  }
}
