import { Link } from '@tanstack/react-router';
import { Actor } from '../look/actor.tsx';
import { Copy } from '../look/copy.tsx';
import type { Column } from '../look/list/data-table.tsx';
import { Time } from '../look/time/time.tsx';
import { changesOf } from './changes.ts';
import type { AuditEntry } from './queries.ts';
import { actionWords, isOfConnection, nameOfTarget } from './words.ts';

const here = '/o/$org/audit';

export const columns: readonly Column<AuditEntry>[] = [
  { head: 'Time', cell: ({ at }) => <Time at={at} /> },
  {
    head: 'Caller',
    cell: ({ actor }) => (
      <Link from={here} to={here} search={(old) => ({ ...old, actor, after: undefined })}>
        <Actor actor={actor} />
      </Link>
    ),
  },
  { head: 'Action', cell: ({ action }) => actionWords[action] },
  {
    head: 'Target',
    cell: (entry) =>
      isOfConnection(entry) ? (
        <Link from={here} to="/o/$org/connections/$id" params={{ id: entry.target }}>
          {nameOfTarget(entry)}
        </Link>
      ) : (
        nameOfTarget(entry)
      ),
  },
];

/** What has changed, on whose behalf, and in which request. */
export function Details({ entry }: { readonly entry: AuditEntry }) {
  const { before, after, onBehalfOf, requestId, target } = entry;
  return (
    <>
      <ul className="plain">
        {changesOf(before, after).map(({ field, was, is }) => (
          <li key={field}>
            <code>{field}</code> {was && `was ${was}`}
            {was && is && ', '}
            {is && `is ${is}`}
          </li>
        ))}
      </ul>
      <div className="row dim">
        {onBehalfOf && <span>On behalf of {onBehalfOf}, as stated by the caller.</span>}
        <Link from={here} to={here} search={(old) => ({ ...old, target, after: undefined })}>
          All changes of this target
        </Link>
        <span>
          Request <code>{requestId}</code>
        </span>
        <Copy text={requestId} what={`request id ${requestId}`} />
      </div>
    </>
  );
}
