/** The properties by which denied requests are grouped, and details of the first request of a group. */
export interface Denied {
  /** The method and the pattern of the path. */
  readonly route: string;
  readonly reason: string;
  readonly sourceOrg: string;
  /** Undefined if the caller is unknown. */
  readonly actor?: string | undefined;
  readonly permission?: string | undefined;
  /** The id of the first request. */
  readonly requestId?: string | undefined;
}

export interface DenialSum extends Denied {
  readonly count: number;
  /** The times of the first and the last request. */
  readonly since: Date;
  readonly at: Date;
}

const maxRows = 1000;
const maxRowsOfActor = 50;
const overflow: Denied = { route: '*', reason: 'overflow', sourceOrg: '-' };

/**
 * Counts denied requests in rows by route, reason, identity and source org.
 *
 * A caller can vary its requests at will, so the number of rows is bounded: requests of an identity that has too many rows are
 * counted in one overflow row of that identity, and all requests beyond the total in one overflow row without an identity.
 */
export class DenialSums {
  private readonly rows = new Map<string, DenialSum>();
  private readonly rowsOfActor = new Map<string, number>();

  /** Adds to the matching row. Returns whether the row is new. */
  add(sum: DenialSum): boolean {
    const bounded = this.withinBounds(sum);
    const key = keyOf(bounded);
    const row = this.rows.get(key);
    this.rows.set(key, row ? { ...row, count: row.count + bounded.count, at: bounded.at } : bounded);
    const { actor } = bounded;
    if (!row && actor !== undefined) this.rowsOfActor.set(actor, (this.rowsOfActor.get(actor) ?? 0) + 1);
    return !row;
  }

  /** Returns the sum itself if there is room for its row, otherwise the same count for an overflow row. */
  private withinBounds(sum: DenialSum): DenialSum {
    if (this.rows.has(keyOf(sum))) return sum;
    const { actor, count, since, at } = sum;
    const isOverLimit = actor !== undefined && (this.rowsOfActor.get(actor) ?? 0) >= maxRowsOfActor;
    const bounded = isOverLimit ? { ...overflow, actor, count, since, at } : sum;
    return this.rows.size < maxRows || this.rows.has(keyOf(bounded)) ? bounded : { ...overflow, count, since, at };
  }

  all(): readonly DenialSum[] {
    return [...this.rows.values()];
  }
}

const keyOf = ({ route, reason, actor, sourceOrg }: Denied): string =>
  JSON.stringify([route, reason, actor, sourceOrg]);
