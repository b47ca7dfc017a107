import { randomUUID } from 'node:crypto';
import type { OnApplicationShutdown } from '@nestjs/common';
import { actorOf } from '@pagebridge/access';
import { Audit, noSourceOrg, type OutgoingRecord } from '@pagebridge/contracts';
import { type Clock, type Log, orgIdPattern } from '@pagebridge/vocabulary';
import type { Counter } from 'prom-client';
import type { IdentifiedRequest } from '../access/identity-of.decorator.ts';
import type { Denial } from '../problems/denial.ts';
import { type DenialSum, DenialSums } from './denial-sums.ts';

export interface DenialsParts {
  readonly service: string;
  /** Connects if necessary. Rejects unless all records are acknowledged. */
  readonly publish: (records: readonly OutgoingRecord[]) => Promise<void>;
  readonly close: () => Promise<void>;
  readonly counter: Counter<'route' | 'reason'>;
  readonly log: Log;
  readonly clock: Clock;
}

const minuteMs = 60_000;
const orgId = new RegExp(orgIdPattern);

/**
 * Publishes denied requests to the audit: at most one record a minute for each route, reason, identity and source org, and
 * at most about fifty a minute for each identity.
 *
 * No request waits for the audit. Denials that could not be written are summed with later ones and written a minute later.
 */
export class Denials implements OnApplicationShutdown {
  private sums = new DenialSums();
  private unwritten = new DenialSums();
  private writing: Promise<void> = Promise.resolve();
  private cancel: (() => void) | undefined;

  constructor(private readonly parts: DenialsParts) {}

  /** Starts the writes at the end of each minute; to be called once Kafka can be reached. */
  start(): void {
    const { clock } = this.parts;
    const untilMinute = minuteMs - (clock.now().getTime() % minuteMs);
    this.cancel = clock.after(untilMinute, () => {
      this.start();
      void this.write();
    });
  }

  note(request: IdentifiedRequest, { reason, extra }: Denial): void {
    const now = this.parts.clock.now();
    const { identity, sourceOrg = '', id: requestId } = request;
    const route = routeOf(request);
    this.parts.counter.inc({ route, reason });
    const denied = {
      route,
      reason,
      // An unknown caller can name any org, and a known one may name something that is no org id.
      sourceOrg: identity && orgId.test(sourceOrg) ? sourceOrg : noSourceOrg,
      actor: identity && actorOf(identity),
      permission: typeof extra.permission === 'string' ? extra.permission : undefined,
      requestId,
    };
    if (this.sums.add({ ...denied, count: 1, since: now, at: now })) {
      this.parts.log.info(denied, 'request denied; repeats are only counted');
    }
  }

  async onApplicationShutdown(): Promise<void> {
    if (!this.cancel) return;
    this.cancel();
    await this.write();
    await this.parts.close();
  }

  /** Runs the writes one after another, so that no denial is written twice. */
  private write(): Promise<void> {
    this.writing = this.writing.then(() => this.writeOnce());
    return this.writing;
  }

  private async writeOnce(): Promise<void> {
    const latest = this.sums;
    this.sums = new DenialSums();
    for (const sum of latest.all()) this.unwritten.add(sum);
    const records = this.unwritten.all().map((sum) => recordOf(this.parts.service, sum));
    if (records.length === 0) return;
    try {
      await this.parts.publish(records);
      this.unwritten = new DenialSums();
    } catch (error) {
      const cause = String(error);
      this.parts.log.warn({ records: records.length, cause }, 'denials not written to audit; retrying');
    }
  }
}

function routeOf({ method, route }: IdentifiedRequest): string {
  const path: unknown = route?.path;
  return `${method} ${typeof path === 'string' ? path : '*'}`;
}

function recordOf(service: string, sum: DenialSum): OutgoingRecord {
  const { since, at, count, sourceOrg, route, reason, actor, permission, requestId } = sum;
  const minute = new Date(since.getTime() - (since.getTime() % minuteMs)).toISOString();
  const time = at.toISOString();
  return Audit.encode(
    sourceOrg,
    { id: randomUUID(), source: `/pagebridge/${service}`, time },
    {
      kind: 'denials',
      sourceOrg,
      service,
      ...(requestId === undefined ? {} : { requestId }),
      ...(actor === undefined ? {} : { actor }),
      route,
      reason,
      ...(permission === undefined ? {} : { permission }),
      count,
      minute,
      at: time,
    },
  );
}
