import { createHash } from 'node:crypto';

export const limitNames = [
  'refused-keys',
  'rotations',
  'added-connections',
  'made-tokens',
  'changes',
  'checks',
  'syncs',
] as const;
export type LimitName = (typeof limitNames)[number];

/** A window begins with the first request that it counts. */
export interface Limit {
  readonly most: number;
  readonly windowSeconds: number;
}
export type Limits = Readonly<Record<LimitName, Limit>>;

/** One limit of one org or caller. */
export interface Counter extends Limit {
  readonly name: LimitName;
  /** The owner: short, and of printable ASCII. */
  readonly owner: string;
}

/** The state of a counter. */
export interface Standing extends Counter {
  readonly left: number;
  /** When more may be left. */
  readonly endsAt: Date;
  /** Until when the taken request counts, or is reserved. */
  readonly takenUntil: Date;
}

/** For whom requests are counted. */
export interface Owners {
  readonly sourceOrg: string;
  readonly caller: string;
  /** For whom the caller says it acts, if it says so. */
  readonly onBehalfOf: string | null;
}

/** How a request is counted. A request with keys may have them refused, which is counted too. */
export interface CountedRequest {
  readonly action: LimitName;
  readonly bringsKeys: boolean;
}

/** What costs calls of a destination or fills an org is counted for the org. */
const countedForOrg: ReadonlySet<LimitName> = new Set(['added-connections', 'checks', 'syncs']);

/** All names together for which a caller acts have this many times its limit: it could invent another name for each. */
const timesForAllNames = 10;

/**
 * Returns the counters that a request takes from. One with keys takes from those of refused keys too, in case it is refused.
 *
 * Everything else is counted for the caller and for whom it acts, so that no caller can keep another from a change; in one org, but
 * refused keys in all orgs together, since whoever has many orgs could try stolen keys in each.
 */
export function countersOf(
  limits: Limits,
  { sourceOrg, caller, onBehalfOf }: Owners,
  { action, bringsKeys }: CountedRequest,
): readonly Counter[] {
  const names: readonly LimitName[] = bringsKeys ? ['refused-keys', action] : [action];
  return names.flatMap((name): Counter[] => {
    const limit = { name, ...limits[name] };
    if (countedForOrg.has(name)) return [{ ...limit, owner: sourceOrg }];
    const where = name === 'refused-keys' ? '*' : sourceOrg;
    const own = { ...limit, owner: hashOf([where, caller, onBehalfOf]) };
    if (onBehalfOf === null) return [own];
    return [own, { ...limit, owner: hashOf([where, caller]), most: limit.most * timesForAllNames }];
  });
}

// Issuers, subjects and names may be long and contain any characters.
const hashOf = (parts: readonly (string | null)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** Returns whether a counter counts refused keys. A request takes from it, and gives back unless its keys are refused. */
export const countsRefusals = ({ name }: Counter): boolean => name === 'refused-keys';
