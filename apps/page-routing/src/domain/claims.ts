import type { Contender, Resolution } from '@pagebridge/handle-registry';

type Disabled = Extract<Resolution, { kind: 'connection-disabled' }>;

/** The team of an active connection that claims the name next, where the first to claim it belongs to a disabled one. */
export const alternativeTo = ({ contenders }: Disabled): Contender | undefined =>
  contenders.find(({ connection }) => connection.enabled);

/** Why the first of several contenders has the name, in a sentence; undefined where there is but one. */
export function whyFirst([first, ...others]: readonly Contender[]): string | undefined {
  if (!first || others.length === 0) return undefined;
  const { matched, connection, claimedAt } = first;
  const count = others.length + 1;
  const ofFirst = `that of connection "${connection.name}"`;
  if (!claimedAt) return `No team has it now; of ${count} that had it, ${ofFirst}, the oldest, counts.`;
  const claimed = matched === 'exact' ? 'was first seen with it' : 'comes first: the slug in it was taken';
  const isTie = others.some((other) => other.claimedAt === claimedAt);
  const order = isTie ? '; at one moment a slug counts first, then the older connection' : ', before all others';
  return `Of ${count} teams that claim it, ${ofFirst} ${claimed} at ${claimedAt}${order}.`;
}
