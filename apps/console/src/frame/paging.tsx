import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { connectionsQuery } from '../connections/queries.ts';
import { StateMark } from '../look/state-mark.tsx';
import { Time } from '../look/time/time.tsx';

/**
 * Whether paging works, on every screen: `2 connections active`, or a link to those that fail. It is unknown as soon as the connections
 * cannot be read: what was read before may be old.
 */
export function Paging({ org }: { readonly org: string }) {
  const { data, error, dataUpdatedAt } = useQuery(connectionsQuery(org));
  if (error) {
    return (
      <Link to="/o/$org/connections" params={{ org }}>
        <StateMark state="unknown" word="Connection status unknown" />
        {data && (
          <>
            {' since '}
            <Time at={dataUpdatedAt} />
          </>
        )}
      </Link>
    );
  }
  if (!data) return null;
  const failing = data.items.filter(({ status }) => status === 'failing').length;
  const active = data.items.filter(({ status }) => status === 'active').length;
  if (failing > 0) {
    return (
      <Link to="/o/$org/connections" params={{ org }} search={{ status: 'failing' }}>
        <StateMark state="failing" word={`${failing} of ${data.items.length} failing`} />
      </Link>
    );
  }
  return <StateMark state={active > 0 ? 'active' : 'disabled'} word={countOf(active)} />;
}

const countOf = (active: number): string =>
  active === 0 ? 'No active connection' : `${active} ${active === 1 ? 'connection' : 'connections'} active`;
