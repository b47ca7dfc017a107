import { Copy } from '../look/copy.tsx';
import { StateMark } from '../look/state-mark.tsx';
import { Time } from '../look/time/time.tsx';
import type { Contender } from './queries.ts';

/** The contenders in the order of their claims, and whether the org declares the handle local. */
interface ContendersProps {
  readonly contenders: readonly Contender[];
  readonly isLocal?: boolean;
}

/** The teams that claim a handle: who wins, why, and the qualified handle that pages each whoever wins. */
export const Contenders = ({ contenders, isLocal = false }: ContendersProps) => (
  <>
    <p>
      {isLocal ? 'No team wins, because the handle is a local handle of the org.' : <WhoWins contenders={contenders} />}
    </p>
    <ul className="plain stack">
      {contenders.map(({ connectionId, connectionName, enabled, teamId, teamHandle, qualifiedHandle, paged }) => (
        <li key={`${connectionId} ${teamId} ${qualifiedHandle}`} className="row">
          {paged ? <StateMark state="paged" word="Winner" /> : <StateMark state={enabled ? 'skipped' : 'disabled'} />}
          team {teamHandle} over {connectionName}
          <code>{qualifiedHandle}</code>
          <Copy text={qualifiedHandle} what={qualifiedHandle} />
        </li>
      ))}
    </ul>
  </>
);

function WhoWins({ contenders: [first, ...others] }: ContendersProps) {
  if (!first) return null;
  const { connectionName, enabled, matched, claimedAt } = first;
  const who = `${connectionName} ${enabled ? 'wins' : 'wins but is disabled, so nobody is paged'}`;
  if (!claimedAt) return `${who}: no team currently has this handle, so the oldest previous claim counts.`;
  const isTie = others.some((other) => other.claimedAt === claimedAt);
  return (
    <>
      {who}: {matched === 'exact' ? 'its team claimed the handle' : 'the slug in the handle was claimed'} at{' '}
      <Time at={claimedAt} />
      {isTie ? '. At equal times, a slug wins, then the older connection.' : ', before all others.'}
    </>
  );
}
