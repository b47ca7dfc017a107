/** What may be done only so often. Pairs of keys that were refused are counted for their caller too, over all orgs. */
export const limitNames = [
  'refused-keys',
  'refused-keys-by-caller',
  'added-connections',
  'changes',
  'checks',
  'syncs',
] as const;
export type LimitName = (typeof limitNames)[number];

/** A window begins with the first thing that is counted in it. */
export interface Limit {
  readonly most: number;
  readonly windowSeconds: number;
}
export type Limits = Readonly<Record<LimitName, Limit>>;

/** One limit of one org or caller. */
export interface Counter extends Limit {
  readonly name: LimitName;
  /** Whose it is: short, and of printable ASCII. */
  readonly owner: string;
}

/** How a counter stands. */
export interface Standing extends Counter {
  readonly left: number;
  /** When there may be more left. */
  readonly endsAt: Date;
  /** Until when what was taken would count. */
  readonly takenUntil: Date;
}

/** For whom is counted. Nobody knows the caller where access is off. */
export interface Owners {
  readonly sourceOrg: string;
  readonly caller: string | undefined;
}

/** What is counted of a request. One that brings keys may have them refused, which is counted too. */
export interface CountedRequest {
  readonly action: LimitName;
  readonly bringsKeys: boolean;
}

/** The counters that a request takes from. A request with keys might have them refused: it takes from both that count those. */
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

/** What came of a request, as far as it is counted. */
export interface Spent {
  readonly isDone: boolean;
  readonly areKeysRefused: boolean;
}

/** Whether it counts what went wrong. What a request takes of these is there to be given back. */
export const countsRefusals = ({ name }: Counter): boolean =>
  name === 'refused-keys' || name === 'refused-keys-by-caller';

/** Whether what a request took is spent. */
export const isSpent = (counter: Counter, { isDone, areKeysRefused }: Spent): boolean =>
  countsRefusals(counter) ? areKeysRefused : isDone;
