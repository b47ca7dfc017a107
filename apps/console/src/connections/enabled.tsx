import { useMutation } from '@tanstack/react-query';
import { bodyFrom, connectionManagement } from '../api/client.ts';
import { useAsk } from '../look/form/ask.tsx';
import { Permitted, removes } from '../look/form/permitted.tsx';
import { ProblemWords } from '../look/notice/problem-words.tsx';
import type { Connection } from './queries.ts';

interface EnabledProps {
  readonly connection: Connection;
  /** What disabling does: asked before. */
  readonly consequence?: string;
}

/** Enables or disables a connection. Whatever others changed meanwhile stays, so any version will do. */
export function Enabled({ connection: { sourceOrg: org, id, enabled }, consequence = '' }: EnabledProps) {
  const params = { path: { org, id }, header: { 'If-Match': '*' } };
  const body = { enabled: !enabled };
  const change = useMutation({
    mutationFn: () => bodyFrom(connectionManagement.PATCH('/v1/source-orgs/{org}/connections/{id}', { params, body })),
  });
  const ask = useAsk();
  const start = () => {
    if (enabled) ask('Disable', consequence, change.mutate);
    else if (!change.isPending) change.mutate();
  };
  return (
    <>
      <Permitted permission="connections:write" onClick={start} {...(enabled ? removes : {})}>
        {enabled ? 'Disable' : 'Enable'}
      </Permitted>
      {change.error && <ProblemWords error={change.error} />}
    </>
  );
}
