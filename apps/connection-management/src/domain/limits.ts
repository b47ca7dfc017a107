/** The rate limits. Refused key pairs are also counted for each caller, across all orgs. */
export const limitNames = [
  'refused-keys',
  'refused-keys-by-caller',
  'added-connections',
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

/** For whom requests are counted. The caller is undefined if access control is off. */
export interface Owners {
  readonly sourceOrg: string;
  readonly caller: string | undefined;
}

/** How a request is counted. A request with keys may have them refused, which is counted too. */
export interface CountedRequest {
  readonly action: LimitName;
  readonly bringsKeys: boolean;
}

/** Returns the counters that a request takes from. One with keys takes from those of refused keys too, in case it is refused. */
export function countersOf(
  limits: Limits,
  { sourceOrg, caller }: Owners,
  { action, bringsKeys }: CountedRequest,
): readonly Counter[] {
  const counter = (name: LimitName, owner: string): Counter => ({ name, owner, ...limits[name] });
  return [
    ...(bringsKeys ? [counter('refused-keys', sourceOrg)] : []),
    ...(bringsKeys && caller !== undefined ? [counter('refused-keys-by-caller', caller)] : []),
    counter(action, sourceOrg),
  ];
}

/** Returns whether a counter counts refused keys. A request takes from it, and gives back unless its keys are refused. */
export const countsRefusals = ({ name }: Counter): boolean =>
  name === 'refused-keys' || name === 'refused-keys-by-caller';
