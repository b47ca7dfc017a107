import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Versioned } from '../../api/client.ts';
import { Drawer } from '../../look/form/drawer.tsx';
import { Read } from '../../look/notice/read.tsx';
import { type CheckedConnection, connectionQuery } from '../queries.ts';

/** What a form over a connection is given. */
export interface FormProps {
  /** The connection as it was when the drawer opened: the form begins with it, and changes this version. */
  readonly opened: Versioned<CheckedConnection>;
  /** The connection as it is now. */
  readonly now: Versioned<CheckedConnection>;
  /** Closes the drawer, whose form has done its work. */
  readonly onDone: () => void;
}

interface ConnectionDrawerProps {
  readonly title: string;
  readonly question?: string | undefined;
  readonly form: (props: FormProps) => ReactNode;
}

/** A drawer over one connection. */
export function ConnectionDrawer({ title, question, form }: ConnectionDrawerProps) {
  const params = useParams({ from: '/o/$org/connections/$id' });
  const navigate = useNavigate();
  const query = useQuery(connectionQuery(params.org, params.id));
  const close = (ignoreBlocker: boolean) => void navigate({ to: '/o/$org/connections/$id', params, ignoreBlocker });
  const [opened, setOpened] = useState(query.data);
  if (!opened && query.data) setOpened(query.data);
  return (
    <Drawer title={title} question={question} onClose={() => close(false)}>
      <Read query={query} what="Connection" from="connection-management">
        {(now) => form({ opened: opened ?? now, now, onDone: () => close(true) })}
      </Read>
    </Drawer>
  );
}
