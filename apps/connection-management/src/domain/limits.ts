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
}

/** How a request is counted. A request with keys may have them refused, which is counted too. */
export interface CountedRequest {
  readonly action: LimitName;
  readonly bringsKeys: boolean;
}

/**
 * Returns the counters that a request takes from. One with keys takes from those of refused keys too, in case it is refused.
 *
 * Refused keys and rotations are counted for their caller: if they were counted for the org, an editor could keep an admin from
 * replacing stolen keys.
 */
export function countersOf(
  limits: Limits,
  { sourceOrg, caller }: Owners,
  { action, bringsKeys }: CountedRequest,
): readonly Counter[] {
  const names: readonly LimitName[] = bringsKeys ? ['refused-keys', action] : [action];
  const ownerOf = (name: LimitName) => (name === 'refused-keys' || name === 'rotations' ? caller : sourceOrg);
  return names.map((name) => ({ name, owner: ownerOf(name), ...limits[name] }));
}

/** Returns whether a counter counts refused keys. A request takes from it, and gives back unless its keys are refused. */
export const countsRefusals = ({ name }: Counter): boolean => name === 'refused-keys';
