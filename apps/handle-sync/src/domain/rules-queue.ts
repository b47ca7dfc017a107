/** The reasons to read the routing rules of a team, the most urgent first. */
const readCauses = ['new', 'changed', 'requested', 'suspected', 'rolling', 'unread'] as const;
export type ReadCause = (typeof readCauses)[number];

/** A team that failed this often in a row, while others could be read, no longer starts an earlier round. */
const maxFailures = 3;

const atOnce = ['new', 'changed', 'requested'] as const;

/**
 * The teams whose routing rules are to be read, in order.
 *
 * New and changed teams are read at once. Of all other teams each round reads a part, the least recently read first, so
 * that all are read within `rounds` rounds. Teams that are not read in a round stay for the next one.
 */
export class RulesQueue {
  private readonly waiting: Readonly<Record<ReadCause, Set<string>>> = {
    requested: new Set(),
    new: new Set(),
    changed: new Set(),
    unread: new Set(),
    suspected: new Set(),
    rolling: new Set(),
  };
  /** All listed teams, the least recently read first. */
  private readonly order = new Set<string>();
  /** The teams that were taken as requested since the last round; the next round need not read them again. */
  private readonly takenAsRequested = new Set<string>();
  /** The number of consecutive failures of each unread team while others could be read. */
  private readonly failureCounts = new Map<string, number>();

  constructor(private readonly rounds: number) {}

  /** Starts a round with the listed teams: forgets all others, and adds the part of this round. */
  round(teamIds: ReadonlySet<string>): void {
    for (const teamId of [...this.order]) if (!teamIds.has(teamId)) this.forget(teamId);
    for (const teamId of teamIds) this.order.add(teamId);
    const { rolling } = this.waiting;
    const most = Math.ceil(this.order.size / this.rounds);
    // If some teams cannot be read, others must show that the destination answers at all.
    const mayLeaveOut = this.failureCounts.size === 0;
    for (const teamId of this.order) {
      if (rolling.size >= most) break;
      // `retry` adds the teams that could not be read; they must not use up this part.
      if (!this.failureCounts.has(teamId) && !(mayLeaveOut && this.takenAsRequested.has(teamId))) rolling.add(teamId);
    }
    this.takenAsRequested.clear();
  }

  has(teamId: string): boolean {
    return this.order.has(teamId);
  }

  enqueue(teamId: string, cause: ReadCause): void {
    this.order.add(teamId);
    this.waiting[cause].add(teamId);
    if (cause === 'new') this.failureCounts.set(teamId, 0);
  }

  /** Queues all teams as requested, those first for which `isFirst` returns true, and of each kind the least recently read first. */
  enqueueAll(isFirst: (teamId: string) => boolean): void {
    const { requested } = this.waiting;
    // Teams that are left from an earlier request would keep their place in the set.
    requested.clear();
    for (const teamId of this.order) if (isFirst(teamId)) requested.add(teamId);
    for (const teamId of this.order) requested.add(teamId);
  }

  /**
   * Removes the most urgent teams from the queue and returns them. At most half of them are teams that could not be
   * read before while others wait, because those may never become readable.
   */
  dequeue(count: number): string[] {
    const taken: string[] = [];
    const takeOf = (cause: ReadCause, most: number) => {
      for (const teamId of this.waiting[cause]) {
        if (taken.length >= most) return;
        taken.push(teamId);
        if (this.waiting.requested.has(teamId)) this.takenAsRequested.add(teamId);
        this.remove(teamId);
      }
    };
    for (const cause of atOnce) takeOf(cause, count);
    takeOf('unread', taken.length + Math.floor((count - taken.length) / 2));
    for (const cause of readCauses) takeOf(cause, count);
    return taken;
  }

  read(teamId: string): void {
    this.remove(teamId);
    this.failureCounts.delete(teamId);
    this.order.delete(teamId);
    this.order.add(teamId);
  }

  /** Records a failed read, to be repeated in the next round. `isAlone`: the rules of other teams could be read. */
  failed(teamId: string, isAlone: boolean): void {
    this.failureCounts.set(teamId, (this.failureCounts.get(teamId) ?? 0) + (isAlone ? 1 : 0));
    if (!this.order.delete(teamId)) return;
    // To the end, so that the team does not take the turn of others.
    this.order.add(teamId);
  }

  retry(): void {
    for (const teamId of this.failureCounts.keys()) this.waiting.unread.add(teamId);
  }

  /** The number of teams whose rules are unknown or could not be read the last time. */
  get unread(): number {
    return this.failureCounts.size;
  }

  /** Whether some unread teams have not yet failed too often. */
  get isIncomplete(): boolean {
    for (const failures of this.failureCounts.values()) if (failures < maxFailures) return true;
    return false;
  }

  get isEmpty(): boolean {
    return readCauses.every((cause) => this.waiting[cause].size === 0);
  }

  /** Whether new or changed teams are queued. */
  get hasNewOrChanged(): boolean {
    return this.waiting.new.size + this.waiting.changed.size > 0;
  }

  get hasRequested(): boolean {
    return this.waiting.requested.size > 0;
  }

  private forget(teamId: string): void {
    this.remove(teamId);
    this.failureCounts.delete(teamId);
    this.order.delete(teamId);
  }

  private remove(teamId: string): void {
    for (const cause of readCauses) this.waiting[cause].delete(teamId);
  }
}
