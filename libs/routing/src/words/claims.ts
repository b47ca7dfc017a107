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
  const subject = `the team of connection "${connection.name}"`;
  if (!claimedAt)
    return `No team has this handle now. Of ${count} teams that had it, ${subject} has precedence, because its connection is the oldest.`;
  const claimed =
    matched === 'exact' ? 'it was first read with this handle' : 'its connection got the slug of the handle';
  const isTie = others.some((other) => other.claimedAt === claimedAt);
  const order = isTie ? '. At equal times, a slug has precedence, then the older connection' : ', before all others';
  return `Of ${count} teams that claim it, ${subject} has precedence: ${claimed} at ${claimedAt}${order}.`;
}
