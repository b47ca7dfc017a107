import { setTimeout as sleep } from 'node:timers/promises';
import {
  ConnectionReports,
  Directories,
  Handles,
  type OutgoingRecord,
  type SyncRequest,
  SyncRequests,
} from '@pagebridge/contracts';
import { type ConsumedRecord, TableView } from '@pagebridge/kafka';
import { waitFor } from '@pagebridge/testing';
import { handleOf } from '@pagebridge/vocabulary';
import { type KafkaAccess, settingsOf } from '../../harness/kafka-access.ts';
import { median, percentile } from '../harness/statistics.ts';
import type { Figures, Testbed } from '../harness/testbed.ts';
import { nowMs } from '../page-path/alerts.ts';
import { asked, dormantHandle, type Org, onCallHandle, sourceOrgOf } from './destinations.ts';

/** The published results of handle-sync, as page-routing and connection-management read them. */
export class Known {
  readonly #view: TableView;
  readonly #complete = new Map<string, number>();
  readonly #waiting = new Map<string, (atMs: number) => void>();
  #handles = 0;
  #reports = 0;

  static async of(kafka: KafkaAccess): Promise<Known> {
    const known = new Known(kafka);
    await known.#view.start();
    return known;
  }

  private constructor(kafka: KafkaAccess) {
    const topics = [Handles, Directories, ConnectionReports].map(({ card }) => card.topic);
    this.#view = new TableView(settingsOf(kafka, 'bench-watch'), {
      topics,
      onRecord: (record) => void this.#saw(record),
    });
  }

  /** The number of records on the topic of handles, including tombstones. */
  get handles(): number {
    return this.#handles;
  }

  get reports(): number {
    return this.#reports;
  }

  /** Waits until this number of directories is complete; returns the time of each, in order. */
  async untilComplete(count: number, withinMs: number): Promise<readonly number[]> {
    await waitFor(`${count} complete directories`, () => this.#complete.size >= count, {
      ...{ withinMs, everyMs: 50, lastSeen: () => `${this.#complete.size} complete, ${this.#handles} handles` },
    });
    return [...this.#complete.values()].toSorted((a, b) => a - b);
  }

  /** Returns when the team is published with this handle and on call; undefined after `withinMs`. */
  async until(directory: string, teamHandle: string, withinMs: number): Promise<number | undefined> {
    const key = `${directory} ${teamHandle}`;
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    this.#waiting.set(key, resolve);
    const timer = setTimeout(() => resolve(undefined), withinMs);
    const atMs = await promise;
    clearTimeout(timer);
    this.#waiting.delete(key);
    return atMs;
  }

  close = (): Promise<void> => this.#view.stop();

  #saw(record: ConsumedRecord): void {
    if (record.topic === Handles.card.topic) this.#sawHandle(record);
    else if (record.topic === Directories.card.topic) this.#sawDirectory(record);
    else this.#reports += 1;
  }

  #sawHandle(record: ConsumedRecord): void {
    this.#handles += 1;
    const read = Handles.dataOf(record);
    if (read.ok && read.data.onCall) this.#waiting.get(`${read.data.directory} ${read.data.teamHandle}`)?.(nowMs());
  }

  #sawDirectory(record: ConsumedRecord): void {
    const read = Directories.dataOf(record);
    if (!read.ok) return;
    const { directory, completeAt, unread } = read.data;
    if (completeAt !== undefined && unread === 0 && !this.#complete.has(directory))
      this.#complete.set(directory, nowMs());
  }
}

/** A kind of change that is tried in every destination. */
interface TrialKind {
  readonly title: string;
  /** The prefix of its figures, which are in seconds. */
  readonly figure: string;
  readonly teamChangeOf: (n: number) => TeamChange;
  /** The first number of its changes: no two trials change the same team. */
  readonly first: number;
  readonly cause: Cause;
  readonly withinMs: number;
}

const minuteMs = 60_000;
const promptly = { withinMs: 2 * minuteMs };

const trials: readonly TrialKind[] = [
  {
    ...{ title: 'teams made and renamed, their handles asked for', figure: 'byHandle', ...promptly },
    ...{ teamChangeOf: madeOrRenamed, first: 0, cause: 'unknown-handle' },
  },
  {
    ...{ title: 'teams made and renamed, a sync asked for', figure: 'bySync', ...promptly },
    ...{ teamChangeOf: madeOrRenamed, first: 10, cause: 'requested' },
  },
  {
    ...{ title: 'teams given routing rules, their handles asked for', figure: 'rulesByHandle', ...promptly },
    ...{ teamChangeOf: onboarded, first: 0, cause: 'unknown-handle' },
  },
];

const unprompted: TrialKind = {
  ...{ title: 'teams made and renamed, unprompted', figure: 'unprompted', withinMs: 4 * minuteMs },
  ...{ teamChangeOf: madeOrRenamed, first: 20, cause: 'nobody' },
};

const rulesUnprompted: TrialKind = {
  ...{ title: 'teams given routing rules, unprompted', figure: 'rulesUnprompted', withinMs: 16 * minuteMs },
  ...{ teamChangeOf: onboarded, first: 10, cause: 'nobody' },
};

/** The number of changes in each destination, and the period over which they are spread. */
export interface Effort {
  readonly teamChanges: number;
  readonly overMs: number;
}

/** Returns the latencies of the changes until they are published, and the number of changes. */
export async function trialFigures(
  changes: Changes,
  { teamChanges, overMs }: Effort,
  { progress, quick, long }: Testbed,
): Promise<{ readonly figures: Figures; readonly changed: number }> {
  const tried = [...(quick ? [] : [unprompted]), ...trials, ...(long ? [rulesUnprompted] : [])];
  let changed = 0;
  let missed = 0;
  const figures: Record<string, number> = {};
  for (const { title, figure, teamChangeOf, first, cause, withinMs } of tried) {
    const done = Array.from({ length: teamChanges }, (_, index) => teamChangeOf(first + index));
    const trial = { teamChanges: done, cause, overMs, withinMs };
    const latenciesMs = await progress.step(title, () => changes.latenciesOf(trial));
    const seconds = latenciesMs.map((ms) => ms / 1000).toSorted((a, b) => a - b);
    Object.assign(figures, { [`${figure}P50`]: median(seconds), [`${figure}P99`]: percentile(seconds, 0.99) });
    changed += latenciesMs.length;
    missed += latenciesMs.filter((ms) => ms >= withinMs).length;
  }
  return { figures: { ...figures, missed }, changed };
}

/** A change to a team; afterwards the team is on call with this handle. */
interface TeamChange {
  readonly handle: string;
  readonly of: (org: Org) => Promise<unknown>;
}

/** Returns the nth change: a team is created, or an existing one is renamed. */
function madeOrRenamed(n: number): TeamChange {
  const handle = n % 2 === 0 ? `made-${n}` : `renamed-${n}`;
  const change = { handle, name: handle };
  const of = ({ controlUrl }: Org) =>
    n % 2 === 0
      ? asked('POST', `${controlUrl}/teams`, change)
      : asked('PATCH', `${controlUrl}/teams/${onCallHandle(n)}`, change);
  return { handle, of };
}

/** Returns the nth change: an existing team gets routing rules. */
function onboarded(n: number): TeamChange {
  const handle = dormantHandle(n);
  return { handle, of: ({ controlUrl }) => asked('POST', `${controlUrl}/teams/${handle}/onboard`, {}) };
}

/** The requester of a sync after the change. */
type Cause = SyncRequest['cause'] | 'nobody';

interface Trial {
  readonly teamChanges: readonly TeamChange[];
  readonly cause: Cause;
  /** The period over which the changes are spread, evenly for each destination. */
  readonly overMs: number;
  readonly withinMs: number;
}

/** Changes teams in the destinations, and measures how long handle-sync takes to publish the changes. */
export class Changes {
  readonly #orgs: readonly Org[];
  readonly #known: Known;
  readonly #publish: (records: readonly OutgoingRecord[]) => Promise<void>;

  constructor(orgs: readonly Org[], known: Known, publish: (records: readonly OutgoingRecord[]) => Promise<void>) {
    this.#orgs = orgs;
    this.#known = known;
    this.#publish = publish;
  }

  /** Applies these changes in each destination; returns the latency of each, at most `withinMs`. */
  async latenciesOf({ teamChanges, cause, overMs, withinMs }: Trial): Promise<number[]> {
    const gapMs = overMs / (teamChanges.length * this.#orgs.length);
    const started = teamChanges.flatMap((teamChange, nth) =>
      this.#orgs.map(async (org, index) => {
        await sleep((nth * this.#orgs.length + index) * gapMs);
        const request =
          cause === 'nobody' ? [] : [requestOf(org.directory, sourceOrgOf(index), cause, teamChange.handle)];
        return this.#latencyOf(org, teamChange, request, withinMs);
      }),
    );
    return Promise.all(started);
  }

  async #latencyOf(
    org: Org,
    { handle, of }: TeamChange,
    request: readonly OutgoingRecord[],
    withinMs: number,
  ): Promise<number> {
    const known = this.#known.until(org.directory, handle, withinMs);
    const sinceMs = nowMs();
    await of(org);
    await this.#publish(request);
    const atMs = await known;
    return atMs === undefined ? withinMs : atMs - sinceMs;
  }
}

function requestOf(directory: string, sourceOrg: string, cause: SyncRequest['cause'], handle: string): OutgoingRecord {
  const requestedAt = new Date().toISOString();
  const named = cause === 'unknown-handle' ? { handle: handleOf(handle) } : {};
  const request = { directory, sourceOrg, cause, ...named, requestedAt };
  return SyncRequests.encode(directory, { id: handle, source: '/bench', time: requestedAt }, request);
}
