import { Link } from '@tanstack/react-router';
import { wordOf } from '../look/state-mark.tsx';
import { type Status, statuses } from './list.ts';
import type { Connection } from './queries.ts';

interface FilterLinksProps {
  readonly org: string;
  readonly connections: readonly Connection[];
  readonly chosen: Status | undefined;
}

/** The statuses as links, each with the number of connections that have it. */
export function FilterLinks({ org, connections, chosen }: FilterLinksProps) {
  const link = (status: Status | undefined, word: string, count: number) => (
    <Link
      key={word}
      to="/o/$org/connections"
      params={{ org }}
      search={({ q }) => ({ q, status })}
      aria-current={chosen === status ? 'true' : undefined}
      activeOptions={{ exact: true }}
    >
      {word} {count}
    </Link>
  );
  const countOf = (status: Status) => connections.filter((connection) => connection.status === status).length;
  return (
    <div className="row">
      {link(undefined, 'All', connections.length)}
      {statuses.map((status) => link(status, wordOf(status), countOf(status)))}
    </div>
  );
}
