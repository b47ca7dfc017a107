import type { Contender, Resolution } from '@pagebridge/handle-registry';

type Disabled = Extract<Resolution, { kind: 'connection-disabled' }>;

/** Returns the first contender over an enabled connection, for a name that belongs to a disabled one. */
export const alternativeTo = ({ contenders }: Disabled): Contender | undefined =>
  contenders.find(({ connection }) => connection.enabled);

/** Returns why the first of several contenders has the name, as a sentence; undefined if there is only one. */
export function whyFirst([first, ...others]: readonly Contender[]): string | undefined {
  if (!first || others.length === 0) return undefined;
  const { matched, connection, claimedAt } = first;
  const count = others.length + 1;
  const subject = `that of connection "${connection.name}"`;
  if (!claimedAt) return `No team has this name now; of ${count} that had it, ${subject}, the oldest, counts.`;
  const claimed = matched === 'exact' ? 'was first seen with it' : 'comes first: the slug in it was taken';
  const isTie = others.some((other) => other.claimedAt === claimedAt);
  const order = isTie ? '; of equal times a slug counts first, then the older connection' : ', before all others';
  return `Of ${count} teams that claim it, ${subject} ${claimed} at ${claimedAt}${order}.`;
}
