import { cureOfPermission } from '@pagebridge/vocabulary';
import { usePagesOver } from '../history/use-pages-over.ts';
import { Copy } from '../look/copy.tsx';
import { PermittedLink } from '../look/form/permitted.tsx';
import { Time } from '../look/time/time.tsx';
import { CheckAgain } from './check-again.tsx';
import type { Connection } from './queries.ts';

/** Why a connection fails, who says so, and what to do; nothing for one that does not. */
export function CauseAndCure({ connection }: { readonly connection: Connection }) {
  const { fault, status, sourceOrg: org, id } = connection;
  const { pagesOf } = usePagesOver(org);
  if (!fault) return null;
  const pages = pagesOf(id);
  const cure = fault.missingPermission && cureOfPermission(fault.missingPermission);
  // The report has the cure too.
  const cause = fault.detail
    .replace(cure ?? '', '')
    .trim()
    .replace(/\.$/, '');
  return (
    <div className="stack">
      <p>
        Since <Time at={fault.since} />: {cause} (reported by {fault.reportedBy}).
        {pages && ` Pages: ${pages}.`}
      </p>
      <div className="row">
        {cure && (
          <>
            <span>{cure}</span>
            <Copy text={cure} what="the fix" />
          </>
        )}
        {status === 'failing' && (
          <>
            <CheckAgain connection={connection} />
            <PermittedLink permission="credentials:write" to="/o/$org/connections/$id/keys" params={{ org, id }}>
              Replace keys
            </PermittedLink>
          </>
        )}
      </div>
    </div>
  );
}
