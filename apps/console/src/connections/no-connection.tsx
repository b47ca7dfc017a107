import { PermittedLink } from '../look/form/permitted.tsx';

/** What an org without connections reads: what one is for, and what the destination must do first. */
export function NoConnection({ org }: { readonly org: string }) {
  return (
    <div className="stack">
      <p>No connection yet. A connection lets alerts of {org} page the On-Call teams of another org.</p>
      <ol>
        <li>In the destination org, create a service account whose role has the on-call permissions.</li>
        <li>Create an application key without scopes for this account, and an API key.</li>
        <li>Add the connection here with both keys.</li>
      </ol>
      <div>
        <PermittedLink permission="credentials:write" to="/o/$org/connections/new" params={{ org }}>
          Add connection
        </PermittedLink>
      </div>
    </div>
  );
}
