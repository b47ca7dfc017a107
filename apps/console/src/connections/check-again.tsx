import { ProblemError } from '../api/problem.ts';
import { Permitted } from '../look/form/permitted.tsx';
import { ProblemWords } from '../look/notice/problem-words.tsx';
import { CheckList } from './keys/check-list.tsx';
import { withResult } from './keys/check-words.ts';
import { checkRequest, useChecks } from './keys/use-checks.ts';
import { type CheckReport, type Connection, pathOf } from './queries.ts';

/** Has the stored keys checked again, and says the result. */
export function CheckAgain({
  connection: { sourceOrg: org, id },
}: {
  readonly connection: Pick<Connection, 'sourceOrg' | 'id'>;
}) {
  const { checks, isRunning, value, problem, start } = useChecks<CheckReport>();
  const path = pathOf(org, `connections/${id}/check`);
  // Only handle-sync can use the stored keys. What it cannot check is as the last full check found it.
  const made = withResult(checks, 'failed', 'passed');
  const [why] = withResult(checks, 'unknown');
  return (
    <>
      <Permitted
        permission="connections:write"
        onClick={() => void (isRunning || start(checkRequest('POST', path, {})))}
      >
        {isRunning ? 'Checking…' : 'Check again'}
      </Permitted>
      <span role="status">
        {value && (value.result === 'unknown' ? `No check result yet: ${why?.detail}.` : `The check ${value.result}.`)}
      </span>
      {problem && <ProblemWords error={new ProblemError(problem)} />}
      {made.length > 0 && <CheckList checks={made} isRunning={isRunning} />}
    </>
  );
}
