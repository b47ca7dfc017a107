import { Link } from '@tanstack/react-router';
import { type Status, statuses } from './list.ts';
import type { Connection } from './queries.ts';

const words: Record<Status, string> = {
  failing: 'Failing',
  active: 'Active',
  disabled: 'Disabled',
  deleting: 'Being removed',
};

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
    >
      {word} {count}
    </Link>
  );
  const countOf = (status: Status) => connections.filter((connection) => connection.status === status).length;
  return (
    <div className="row">
      {link(undefined, 'All', connections.length)}
      {statuses.map((status) => link(status, words[status], countOf(status)))}
    </div>
  );
}
