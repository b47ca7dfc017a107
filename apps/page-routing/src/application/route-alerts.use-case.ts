import { setImmediate } from 'node:timers/promises';
import type { Alert, Unreadable, UnreadableReason } from '@pagebridge/contracts';
import type { Clock } from '@pagebridge/vocabulary';
import type { AlertTopics } from '../domain/alert-topics.ts';
import { decide, type Registry } from '../domain/decide.ts';
import type { Decision, Refused } from '../domain/decision.ts';
import type { SyncLimiter } from '../domain/sync-limiter.ts';
import { tooOld } from '../domain/too-old.ts';
import type { LateBinding } from './late-binding/late-binding.ts';
import type { TopicPartition } from './late-binding/ports.ts';
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

/** An alert for the dead letters. */
export interface ParkedAlert {
  readonly offset: number;
  readonly reason: Refused['reason'] | UnreadableReason | 'unwritable';
  readonly detail: string;
  /** It is only parked, not at fault. */
  readonly isSound?: boolean;
}

export interface RouteAlertsParts {
  readonly registry: Registry;
  readonly topics: Pick<AlertTopics, 'refusalOf'>;
  readonly publisher: DecisionPublisher;
  readonly limiter: SyncLimiter;
  readonly late: Pick<LateBinding, 'partitionOf'>;
  readonly meter: RoutingMeter;
  readonly notices: RoutingNotices;
  readonly clock: Pick<Clock, 'now'>;
  /** An alert that is older when it is read pages nobody. */
  readonly maxAgeMs: number;
}

/**
 * How many alerts are published at once: few enough that heartbeats, answers of Kafka and other partitions are not kept
 * waiting; each part costs a publish.
 */
export const partSize = 100;
const partBytes = 1024 * 1024;
// One alert may page a hundred teams, each with its text, and a small compressed batch may hold very many of those. What
// follows from a full fetch of common alerts is far below this, and is written within the time that a publish has.
const runBytes = 8 * 1024 * 1024;
// What is written beside the alert's own text: ids, the team, and where it comes from.
const outputOverheadBytes = 1024;

/** Routes alerts, many at a time: each part is on its way while the next one is decided. */
export class RouteAlerts {
  constructor(private readonly its: RouteAlertsParts) {}

  /**
   * Routes alerts of one partition. Resolves once everything decided is safely written, with the alerts that go to the dead letters instead. Takes no more
   * than it decides: where too much follows from them, it leaves the rest.
   *
   * Rejects if that is not sure: the caller gives the same alerts again, and the same ids come out.
   */
  async route(alerts: Iterable<ReadAlert>, from: TopicPartition): Promise<ParkedAlert[]> {
    const { clock, late } = this.its;
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
      run.tally.tell(this.its.meter);
      if (unwritable.length > 0) this.its.meter.alerts('unwritable', unwritable.length);
      return [...run.parked, ...unwritable.map((alert) => ({ ...alert, reason: 'unwritable' as const }))];
    } catch (error) {
      // The alerts come again, and their requests must then pass the limiter.
      for (const { request } of run.requests) this.its.limiter.giveBack(request.directory);
      throw error;
    }
  }

  private async publishAll(alerts: Iterable<ReadAlert>, run: Run): Promise<Unwritable[]> {
    const writes: Promise<readonly Unwritable[]>[] = [];
    const giveUp = new AbortController();
    try {
      for (const write of this.writesOf(alerts, run, giveUp.signal)) {
        // A later part may hold the recovery of an alert whose trigger is in this one, and must not be written without it.
        write.catch((error) => giveUp.abort(error));
        writes.push(write);
        // Between two parts the answers of Kafka are heard, and other partitions have their turn; the next part is read
        // when that is over, so that what was read and not decided does not pile up.
        await setImmediate();
        if (run.bytes >= runBytes || giveUp.signal.aborted) break;
      }
    } finally {
      // When the alerts come again, nothing of them is under way any more.
      await Promise.allSettled(writes);
    }
    giveUp.signal.throwIfAborted();
    return (await Promise.all(writes)).flat();
  }

  /** Decides a part and has it written when it is asked for. */
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
      if (part.alerts < partSize && part.bytes < partBytes) continue;
      const write = this.its.publisher.publish(this.completed(part, run), signal);
      // Before the caller waits: what is on its way is garbage already.
      part = { decided: [], alerts: 0, bytes: 0 };
      yield write;
    }
    if (part.alerts > 0) yield this.its.publisher.publish(this.completed(part, run), signal);
  }

  private completed({ decided, bytes }: Part, run: Run): Decisions {
    const { registry, limiter } = this.its;
    const requests = syncRequestsFor(decided, registry, limiter, run.now);
    run.requests.push(...requests);
    run.bytes += bytes;
    return { decided, requests };
  }

  private decideOn({ read, offset, writtenAtMs }: ReadAlert, run: Run): Decided | undefined {
    if (!read.ok) return refuse(offset, read, run);
    const { event } = read;
    const { registry, topics, maxAgeMs, notices } = this.its;
    const verdict =
      topics.refusalOf(event.data.sourceOrg, run.from.topic, writtenAtMs) ??
      tooOld(event.data, writtenAtMs, run.now, maxAgeMs) ??
      decide(event, registry, run.now);
    if (!verdict.ok) return refuse(offset, verdict, run);
    run.tally.add(verdict);
    tellOf(event.data, verdict.decisions, notices);
    const { decisions } = verdict;
    return {
      event,
      offset,
      decisions: run.late?.note({ event, offset, writtenAtMs }, decisions, run.now) ?? decisions,
    };
  }
}

/** What one call has come to so far. */
interface Run {
  readonly from: TopicPartition;
  readonly late: ReturnType<LateBinding['partitionOf']>;
  readonly now: Date;
  readonly tally: Tally;
  readonly parked: ParkedAlert[];
  readonly requests: TracedRequest[];
  bytes: number;
}

/** What is published at once. */
interface Part {
  readonly decided: Decided[];
  /** How many were read for it, refused ones too. */
  alerts: number;
  /** About the most that is written of them: an output holds little more than its alert does. */
  bytes: number;
}

function refuse(offset: number, refusal: Refused | Unreadable, { tally, parked }: Run): undefined {
  tally.add(refusal);
  const { reason, detail } = refusal;
  // Its age is the broker's word: an alert that waited through a long outage can be replayed, however many there are.
  parked.push({ offset, reason, detail, ...(reason === 'too-old' ? { isSound: true } : {}) });
}

function tellOf(alert: Alert, decisions: readonly Decision[], notices: RoutingNotices): void {
  for (const decision of decisions) {
    if (decision.kind === 'unrouted') notices.unrouted(decision.record);
    else if (decision.kind !== 'resolve' && decision.fallbackFor) {
      notices.fellBack(alert, decision.fallbackFor, decision.resolution);
    }
  }
}
