import { hash } from 'node:crypto';
import type { CurrentUser } from '@pagebridge/destination';
import type { PermissionName } from '@pagebridge/vocabulary';
import type { PacedDestination } from './paced-destination.ts';

/** A connection for which a sync was requested, and the id of the HTTP request. */
export interface Requester {
  readonly connectionId: string;
  readonly requestId?: string | undefined;
  /** The time of the request, in milliseconds of a monotonic clock. */
  readonly at: number;
}

/** The reasons for which the teams are listed. */
export interface ListCause {
  /** The requests that wait for this sync; undefined if there are none. */
  readonly waiting: ReadonlySet<Requester> | undefined;
  /** The list was requested. False if it only takes over requests that a dropped sync did not answer. */
  readonly isRequested: boolean;
  /** The interval has passed, whether a sync was requested too or not. */
  readonly isRegular: boolean;
}

const maxUnanswered = 5;
/** A check of stored keys waits 8 s for the answer, and rules of many teams can take minutes. */
const answerWithinMs = 4000;
/** After a slow list, rules are still read for this long before the answer. */
const readForMs = 1000;

/** One sync of a directory: a list of its teams, and the rules that are read until the next list. */
export class SyncRun {
  /** The requests that waited for this sync have been answered. */
  isAnswered = false;
  /** It was recorded that no unread teams are left. */
  isRecorded = false;
  /** The time at which the list was complete. */
  listedAt = Number.POSITIVE_INFINITY;
  private reads = 0;
  /** The number of consecutive batches of which no rules could be read. */
  private unansweredBatches = 0;
  private currentUser: Promise<CurrentUser | undefined> | undefined;

  constructor(
    readonly destination: PacedDestination,
    readonly startedAt: number,
    private readonly cause: ListCause,
  ) {}

  /** Whether the rules of at least one team were read. */
  get hasRead(): boolean {
    return this.reads > 0;
  }

  countRead(): void {
    this.reads += 1;
    this.unansweredBatches = 0;
  }

  /** Counts a batch of which no rules could be read. Returns whether the rest should wait for the next round. */
  countUnanswered(): boolean {
    this.unansweredBatches += 1;
    return this.unansweredBatches >= maxUnanswered;
  }

  /** The requests that this sync still has to answer; undefined if there are none. */
  get waiting(): ReadonlySet<Requester> | undefined {
    return this.isAnswered ? undefined : this.cause.waiting;
  }

  /** The time at which the requests are answered even if not all rules were read again; undefined if none wait. */
  get answerAt(): number | undefined {
    const [oldest] = this.waiting ?? [];
    return oldest && Math.max(oldest.at + answerWithinMs, this.listedAt + readForMs);
  }

  /**
   * Identifies the credential of this sync and its permissions, because another account or other permissions may show
   * other teams. Returns undefined if this sync is no evidence: a sync that was only requested, as people request syncs
   * while they change teams. Asks the destination once, and only if a team seems to be gone.
   */
  async identity(): Promise<string | undefined> {
    if (!this.cause.isRegular) return undefined;
    const user = await this.user();
    const { connectionId, credential } = this.destination.connection;
    // Hashed, because the identity is stored with each suspected team, and a destination may return very many permissions.
    return user && `${connectionId} ${credential.revision} ${hash('sha256', user.permissions.toSorted().join(' '))}`;
  }

  /** Returns whether the service account has the permission; undefined if that is unknown. */
  async hasPermission(permission: PermissionName): Promise<boolean | undefined> {
    return (await this.user())?.permissions.includes(permission);
  }

  private user(): Promise<CurrentUser | undefined> {
    this.currentUser ??= this.fetchUser();
    return this.currentUser;
  }

  private async fetchUser(): Promise<CurrentUser | undefined> {
    const user = await this.destination.currentUser();
    return user.ok ? user.value : undefined;
  }
}
