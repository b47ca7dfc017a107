import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { auditQuery } from '../../audit/queries.ts';
import { actionWords } from '../../audit/words.ts';
import { Actor } from '../../look/actor.tsx';
import { Facts } from '../../look/facts.tsx';
import { PermittedLink } from '../../look/form/permitted.tsx';
import { Read } from '../../look/notice/read.tsx';
import { type State as Mark, StateMark, wordOf } from '../../look/state-mark.tsx';
import { Time } from '../../look/time/time.tsx';
import { useMay } from '../../session/me.ts';
import { CauseAndCure } from '../cause-and-cure.tsx';
import { CheckAgain } from '../check-again.tsx';
import { Enabled } from '../enabled.tsx';
import { CheckList } from '../keys/check-list.tsx';
import type { Status } from '../list.ts';
import { type CheckedConnection, handlesOverQuery, useNames } from '../queries.ts';
import { Teams } from './teams.tsx';
import { backupWords, disabling, previousKeyWords, removal } from './words.ts';

interface PanelProps {
  readonly connection: CheckedConnection;
}

/** The state of a connection, why, and what it pages. */
export function State({ connection }: PanelProps) {
  const { sourceOrg: org, id, slug, status, destinationOrg, dataCenter, failover, deletion } = connection;
  const nameOf = useNames(org);
  const handles = useQuery(handlesOverQuery(org, id)).data?.total;
  return (
    <section className="stack" aria-label="State">
      <div className="row">
        <StateMark state={status as Status} />
        {!deletion && <Enabled connection={connection} consequence={disabling(handles)} />}
      </div>
      {deletion && (
        <p>
          {removal(deletion)}{' '}
          <Link to="/o/$org/connections/$id/remove" params={{ org, id }}>
            If this takes too long
          </Link>
        </p>
      )}
      <CauseAndCure connection={connection} />
      <Facts
        facts={[
          ['Destination', `${destinationOrg.name}, ${dataCenter}`],
          [
            'Handles',
            <Link key="handles" to="/o/$org/handles" params={{ org }} search={{ connection: id }}>
              {handles ?? 'unknown number'}, as @oncall-{slug}/…
            </Link>,
          ],
          ['Teams', <Teams key="teams" connection={connection} />],
          ['Backup', backupWords(failover, nameOf)],
          ['Changed', <Time key="changed" at={connection.updatedAt} as="ago" />],
        ]}
      />
    </section>
  );
}

/** The keys of a connection by their last characters, and what their checks found. */
export function Keys({ connection }: PanelProps) {
  const { sourceOrg: org, id, status, checks } = connection;
  const { apiKeyLast4, applicationKeyLast4, revision, former, checkedAt, checkStatus } = connection.credentials;
  return (
    <section className="stack">
      <h2>Keys</h2>
      <Facts
        facts={[
          ['API key', `…${apiKeyLast4}`],
          ['Application key', `…${applicationKeyLast4}`],
          ['Revision', revision],
          ['Previous key', revision > 1 && previousKeyWords(former)],
        ]}
      />
      <div className="row">
        <span>
          <StateMark {...lastCheck(status, checkStatus)} /> <Time at={checkedAt} as="ago" />
        </span>
        {status !== 'failing' && (
          <>
            <PermittedLink permission="credentials:write" to="/o/$org/connections/$id/keys" params={{ org, id }}>
              Replace keys
            </PermittedLink>
            <CheckAgain connection={connection} />
          </>
        )}
      </div>
      <CheckList checks={checks} isFolded />
    </section>
  );
}

/** The last full check as a mark. One that passed is no good news of keys that are rejected by now. */
const lastCheck = (status: string, checkStatus: Mark): { readonly state: Mark; readonly word: string } =>
  status === 'failing' && checkStatus === 'passed'
    ? { state: 'unknown', word: 'Keys fail now; last check passed' }
    : { state: checkStatus, word: `${wordOf(checkStatus)}: last full check` };

/** Who last did what with a connection; nothing for a person who may not read the audit. */
export function LastChanges({ org, id }: { readonly org: string; readonly id: string }) {
  const mayRead = useMay(org, 'audit:read') === true;
  const query = useQuery({ ...auditQuery(org, { target: id }, 5), enabled: mayRead });
  if (!mayRead) return null;
  return (
    <section className="stack">
      <h2>Recent changes</h2>
      <Read query={query} what="Audit" from="connection-management">
        {({ items }) =>
          items.map(({ id: entry, at, actor, action }) => (
            <p key={entry}>
              <Time at={at} as="ago" />, <Actor actor={actor} />: {actionWords[action]}
            </p>
          ))
        }
      </Read>
      <Link to="/o/$org/audit" params={{ org }} search={{ target: id }}>
        All changes
      </Link>
    </section>
  );
}
