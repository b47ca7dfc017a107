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
const mostRowsOfActor = 50;
const overflow: Denied = { route: '*', reason: 'overflow', sourceOrg: '-' };

/**
 * Sums denied requests by route, reason, identity and source org.
 *
 * Whoever sends requests may vary all that they vary: what one identity has too much of is counted in a row by its name,
 * so that it takes no rows from others, and what finds no row at all in one for everybody.
 */
export class DenialSums {
  private readonly rows = new Map<string, DenialSum>();
  private readonly rowsOfActor = new Map<string, number>();

  /** Adds to the row of its kind; true if that is a new one. */
  add(sum: DenialSum): boolean {
    const its = this.toldApart(sum);
    const key = keyOf(its);
    const row = this.rows.get(key);
    this.rows.set(key, row ? { ...row, count: row.count + its.count, at: its.at } : its);
    const { actor } = its;
    if (!row && actor !== undefined) this.rowsOfActor.set(actor, (this.rowsOfActor.get(actor) ?? 0) + 1);
    return !row;
  }

  /** The same, as far as there is room to tell it apart from others. */
  private toldApart(sum: DenialSum): DenialSum {
    if (this.rows.has(keyOf(sum))) return sum;
    const { actor, count, since, at } = sum;
    const isTooMuch = actor !== undefined && (this.rowsOfActor.get(actor) ?? 0) >= mostRowsOfActor;
    const its = isTooMuch ? { ...overflow, actor, count, since, at } : sum;
    return this.rows.size < mostRows || this.rows.has(keyOf(its)) ? its : { ...overflow, count, since, at };
  }

  all(): readonly DenialSum[] {
    return [...this.rows.values()];
  }
}

const keyOf = ({ route, reason, actor, sourceOrg }: Denied): string =>
  JSON.stringify([route, reason, actor, sourceOrg]);
