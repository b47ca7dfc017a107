import type { UseFormReturnType } from '@mantine/form';
import { type ReactNode, useRef } from 'react';
import type { Problem } from '../../api/problem.ts';
import { Permitted } from '../../look/form/permitted.tsx';
import { useFields } from '../../look/form/use-fields.ts';
import type { CheckedConnection } from '../queries.ts';
import { CheckList } from './check-list.tsx';
import { KeyField } from './key-field.tsx';
import { NotStored } from './not-stored.tsx';
import type { Checks } from './use-checks.ts';

const nothing = { name: '', dataCenter: '', apiKey: '', applicationKey: '' };
type Values = typeof nothing;
export type RequestOf = (values: Values) => Request;

interface KeyFormProps {
  readonly run: Checks<CheckedConnection>;
  /** How many checks there usually are. */
  readonly usual: number;
  /** What the button does. */
  readonly action: string;
  readonly requestOf: RequestOf;
  readonly onDone: (connection: CheckedConnection) => void;
  /** Words for problems of this form alone; `send` sends another request with what was typed. */
  readonly wordsFor: (problem: Problem, send: (requestOf: RequestOf) => void) => ReactNode;
  /** What stands before the keys. */
  readonly children: (form: UseFormReturnType<Values>) => ReactNode;
}

/** A form with a pair of keys, and the checks of this pair as they come. */
export function KeyForm({ run, usual, action, requestOf, onDone, wordsFor, children }: KeyFormProps) {
  const { checks, isRunning, problem } = run;
  const element = useRef<HTMLFormElement>(null);
  // What is wrong with the keys themselves, the checks say.
  const form = useFields({ initialValues: nothing }, problem?.code === 'credential-refused' ? undefined : problem);
  const send = async (its: RequestOf) => {
    if (isRunning) return;
    const { name, dataCenter, apiKey, applicationKey } = form.values;
    const trimmed = { name: name.trim(), dataCenter, apiKey: apiKey.trim(), applicationKey: applicationKey.trim() };
    const connection = await run.start(its(trimmed));
    // After it was closed, nobody waits to be led anywhere.
    if (connection && element.current) onDone(connection);
  };
  return (
    <form ref={element} method="post" className="stack" onSubmit={form.onSubmit(() => void send(requestOf))}>
      {children(form)}
      <KeyField name="apiKey" label="API Key" form={form} />
      <KeyField
        name="applicationKey"
        label="Application Key"
        description="Key of a service account, without scopes"
        form={form}
      />
      {(isRunning || checks.length > 0) && (
        <>
          <p role="status">
            Checks {checks.length} of {isRunning ? Math.max(usual, checks.length) : checks.length}
            {isRunning && <span className="dim"> up to 20 s</span>}
          </p>
          <CheckList checks={checks} isRunning={isRunning} />
        </>
      )}
      {problem && (wordsFor(problem, (its) => void send(its)) || <NotStored run={run} />)}
      <div>
        <Permitted permission="credentials:write" variant="filled" type="submit">
          {isRunning ? 'Checking the keys…' : action}
        </Permitted>
      </div>
    </form>
  );
}
