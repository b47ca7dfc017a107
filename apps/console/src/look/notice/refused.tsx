import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { Problem } from '../../api/problem.ts';
import { type Permission, roleOf } from '../../session/permissions.ts';
import { sessionQuery } from '../../session/session.ts';
import { Notice } from './notice.tsx';

/** Returns the name of what is read as it stands within a sentence: `connections`, `API tokens`. */
export const inSentence = (what: string): string =>
  /^[A-Z]{2}/.test(what) ? what : what.charAt(0).toLowerCase() + what.slice(1);

/** Why a person does not see something, and whom to ask. */
export function Refused({ problem, what }: { readonly problem: Problem; readonly what: string }) {
  const { org = '' } = useParams({ strict: false });
  const { data: session } = useQuery(sessionQuery);
  if (problem.code === 'missing-permission') {
    const permission = problem.permission ?? '';
    const role = roleOf[permission as Permission];
    return (
      <Notice>
        You cannot see the {inSentence(what)} of {org}: this requires {permission}
        {role && ` (role ${role})`}. {session?.helpText}
      </Notice>
    );
  }
  if (problem.code === 'not-found') {
    return (
      <Notice actions={<Link to="/orgs">Your orgs</Link>}>
        Source org {org} does not exist, or you have no access to it. {session?.helpText}
      </Notice>
    );
  }
  return (
    <Notice tone="bad">
      {problem.title}: {problem.detail}
    </Notice>
  );
}
