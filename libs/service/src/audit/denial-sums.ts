/** A denied request, as far as it is told apart from others. */
export interface Denied {
  /** Method and pattern of the path. */
  readonly route: string;
  readonly reason: string;
  readonly sourceOrg: string;
  /** Undefined where nobody is known. */
  readonly actor?: string | undefined;
  readonly permission?: string | undefined;
  /** Of the first of them. */
  readonly requestId?: string | undefined;
}

export interface DenialSum extends Denied {
  readonly count: number;
  /** When the first and the last of them were. */
  readonly since: Date;
  readonly at: Date;
}

const mostRows = 1000;
const overflow: Denied = { route: '*', reason: 'overflow', sourceOrg: '-' };

/**
 * Sums denied requests by route, reason, identity and source org.
 *
 * Whoever sends requests may vary all that they vary: what finds no row is counted in one for all.
 */
export class DenialSums {
  private readonly rows = new Map<string, DenialSum>();

  /** Adds to the row of its kind; true if that is a new one. */
  add(sum: DenialSum): boolean {
    const key = keyOf(sum);
    const row = this.rows.get(key);
    if (!row && this.rows.size >= mostRows && key !== keyOf(overflow)) {
      const { count, since, at } = sum;
      return this.add({ ...overflow, count, since, at });
    }
    this.rows.set(key, row ? { ...row, count: row.count + sum.count, at: sum.at } : sum);
    return !row;
  }

  all(): readonly DenialSum[] {
    return [...this.rows.values()];
  }
}

const keyOf = ({ route, reason, actor, sourceOrg }: Denied): string =>
  JSON.stringify([route, reason, actor, sourceOrg]);
