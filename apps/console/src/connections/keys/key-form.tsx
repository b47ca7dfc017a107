import type { ReactNode } from 'react';
import type { Problem } from '../../api/problem.ts';
import { type FieldErrors, useFieldErrors, valuesOf } from '../../look/form/field-errors.ts';
import { Permitted } from '../../look/form/permitted.tsx';
import type { CheckedConnection } from '../queries.ts';
import { CheckList } from './check-list.tsx';
import { KeyField } from './key-field.tsx';
import { NotStored } from './not-stored.tsx';
import type { Checks } from './use-checks.ts';

type RequestOf = (values: Readonly<Record<string, string>>) => Request;

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
  /** The fields before the keys. */
  readonly children: (errors: FieldErrors) => ReactNode;
}

/** A form with a pair of keys, and the checks of this pair as they come. */
export function KeyForm({ run, usual, action, requestOf, onDone, wordsFor, children }: KeyFormProps) {
  const { checks, isRunning, problem } = run;
  // What is wrong with the keys themselves, the checks say.
  const { form, errors } = useFieldErrors(problem?.code === 'credential-refused' ? undefined : problem);
  const send = async (its: RequestOf) => {
    if (!form.current || isRunning) return;
    const connection = await run.start(its(valuesOf(form.current)));
    // After it was closed, nobody waits to be led anywhere.
    if (connection && form.current) onDone(connection);
  };
  return (
    <form
      ref={form}
      method="post"
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void send(requestOf);
      }}
    >
      {children(errors)}
      <KeyField name="apiKey" label="API Key" error={errors.apiKey} />
      <KeyField
        name="applicationKey"
        label="Application Key"
        description="Key of a service account, without scopes"
        error={errors.applicationKey}
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
