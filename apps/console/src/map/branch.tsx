import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Status, worstFirst } from '../connections/list.ts';
import type { Connection } from '../connections/queries.ts';
import { useFirstOrder } from '../look/list/use-first-order.ts';
import { StateMark } from '../look/state-mark.tsx';
import classes from './map.module.css';

/** The tree of orgs: three columns with lines between them, or one below the other where there is no room. */
export const Tree = ({ children }: { readonly children: ReactNode }) => <ul className={classes.tree}>{children}</ul>;

interface BranchProps {
  readonly org: string;
  readonly connections: readonly Connection[];
  /** What is known of the pages of a connection. */
  readonly pagesOver?: (id: string) => string | undefined;
}

/** An org with its connections, those that fail first, and the destination of each. */
export function Branch({ org, connections, pagesOver }: BranchProps) {
  const ordered = useFirstOrder(connections, ({ id }) => id, worstFirst);
  return (
    <OrgNode org={org}>
      {connections.length === 0 ? (
        <span className={`${classes.node} dim`}>No connection</span>
      ) : (
        <ul>
          {ordered.map(({ id, name, status, destinationOrg, dataCenter }) => (
            <li key={id} className={classes.connection}>
              <div className={classes.node}>
                <StateMark state={status as Status} />
                <Link to="/o/$org/connections/$id" params={{ org, id }}>
                  {name}
                </Link>
                <span className="dim">{pagesOver?.(id)}</span>
              </div>
              <ul>
                <li className={classes.node}>
                  {destinationOrg.name}, {dataCenter}
                </li>
              </ul>
            </li>
          ))}
        </ul>
      )}
    </OrgNode>
  );
}

/** An org, with what is beside it. */
export const OrgNode = ({ org, children }: { readonly org: string; readonly children: ReactNode }) => (
  <li className={classes.org}>
    <div className={classes.node}>
      <Link to="/o/$org/connections" params={{ org }}>
        {org}
      </Link>
    </div>
    {children}
  </li>
);
