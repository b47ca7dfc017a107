/** Why the routing rules of a team are read, the most urgent first. */
const readCauses = ['new', 'changed', 'asked', 'suspected', 'rolling', 'unread'] as const;
export type ReadCause = (typeof readCauses)[number];

/** Whose rules could so often in a row not be read, while others could, is broken: it waits, as ever, and hurries nobody. */
const mostFailures = 3;

const atOnce = ['new', 'changed', 'asked'] as const;

/**
 * Which teams' routing rules are to be read, and in which order.
 *
 * Those of new and changed teams are read at once, of all others a part in each round, the longest unread first, so that
 * all are read again within `rounds` rounds. What is not read in a round stays for the next one.
 */
export class RulesQueue {
  private readonly waiting: Readonly<Record<ReadCause, Set<string>>> = {
    asked: new Set(),
    new: new Set(),
    changed: new Set(),
    unread: new Set(),
    suspected: new Set(),
    rolling: new Set(),
  };
  /** All teams listed, the longest unread first. */
  private readonly order = new Set<string>();
  /** Those that were taken since the last round and that somebody had asked for: this round need not read them again. */
  private readonly takenAsAsked = new Set<string>();
  /** How often in a row each could not be read while others could. */
  private readonly notRead = new Map<string, number>();

  constructor(private readonly rounds: number) {}

  /** A list was read: forgets teams that it does not show, and adds the part of this round. */
  round(teamIds: ReadonlySet<string>): void {
    for (const teamId of [...this.order]) if (!teamIds.has(teamId)) this.forget(teamId);
    for (const teamId of teamIds) this.order.add(teamId);
    const { rolling } = this.waiting;
    const most = Math.ceil(this.order.size / this.rounds);
    // Where some cannot be read, others must show that the destination answers at all.
    const mayLeaveOut = this.notRead.size === 0;
    for (const teamId of this.order) {
      if (rolling.size >= most) break;
      // Those that could not be read come with `retry`, and take no place of these.
      if (!this.notRead.has(teamId) && !(mayLeaveOut && this.takenAsAsked.has(teamId))) rolling.add(teamId);
    }
    this.takenAsAsked.clear();
  }

  /** It was listed before. */
  has(teamId: string): boolean {
    return this.order.has(teamId);
  }

  want(teamId: string, cause: ReadCause): void {
    this.order.add(teamId);
    this.waiting[cause].add(teamId);
    if (cause === 'new') this.notRead.set(teamId, 0);
  }

  /** Everything is to be read again, the longest unread first. */
  wantAll(): void {
    for (const teamId of this.order) this.waiting.asked.add(teamId);
  }

  /**
   * Takes the most urgent ones out; of those that could not be read before no more than half, while others wait: they may
   * never be readable.
   */
  take(count: number): string[] {
    const taken: string[] = [];
    const takeOf = (cause: ReadCause, most: number) => {
      for (const teamId of this.waiting[cause]) {
        if (taken.length >= most) return;
        taken.push(teamId);
        if (this.waiting.asked.has(teamId)) this.takenAsAsked.add(teamId);
        this.leave(teamId);
      }
    };
    for (const cause of atOnce) takeOf(cause, count);
    takeOf('unread', taken.length + Math.floor((count - taken.length) / 2));
    for (const cause of readCauses) takeOf(cause, count);
    return taken;
  }

  read(teamId: string): void {
    this.leave(teamId);
    this.notRead.delete(teamId);
    this.order.delete(teamId);
    this.order.add(teamId);
  }

  /** Its rules could not be read: it comes again with the next round. `isAlone`: those of others could. */
  failed(teamId: string, isAlone: boolean): void {
    this.notRead.set(teamId, (this.notRead.get(teamId) ?? 0) + (isAlone ? 1 : 0));
    if (!this.order.delete(teamId)) return;
    // Behind all others, whose turn it would take.
    this.order.add(teamId);
  }

  /** Those that could not be read are tried again. */
  retry(): void {
    for (const teamId of this.notRead.keys()) this.waiting.unread.add(teamId);
  }

  /** Teams whose rules are not known, or could not be read the last time. */
  get unread(): number {
    return this.notRead.size;
  }

  /** Some of them may be read soon: the others have failed too often. */
  get isIncomplete(): boolean {
    for (const failures of this.notRead.values()) if (failures < mostFailures) return true;
    return false;
  }

  get isEmpty(): boolean {
    return readCauses.every((cause) => this.waiting[cause].size === 0);
  }

  /** Teams that are new or changed come next. */
  get hasNews(): boolean {
    return this.waiting.new.size + this.waiting.changed.size > 0;
  }

  private forget(teamId: string): void {
    this.leave(teamId);
    this.notRead.delete(teamId);
    this.order.delete(teamId);
  }

  private leave(teamId: string): void {
    for (const cause of readCauses) this.waiting[cause].delete(teamId);
  }
}
