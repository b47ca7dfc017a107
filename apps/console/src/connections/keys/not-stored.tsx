import { ProblemError } from '../../api/problem.ts';
import { rateLimitIn } from '../../api/rate-limit.ts';
import { Notice } from '../../look/notice/notice.tsx';
import { ProblemWords } from '../../look/notice/problem-words.tsx';
import { Time } from '../../look/time/time.tsx';
import { withResult } from './check-words.ts';
import type { Checks } from './use-checks.ts';

/** Why keys were not stored, and how often one may still try. */
export function NotStored({ run: { checks, problem, headers = {} } }: { readonly run: Checks<unknown> }) {
  if (!problem) return null;
  const { left, most = 'Too many' } = rateLimitIn(headers, 'refused-keys');
  if (problem.limit === 'refused-keys' && problem.retryAt) {
    return (
      <Notice tone="bad">
        {most} key pairs were rejected in the last hour. Try again at <Time at={problem.retryAt} />.
      </Notice>
    );
  }
  if (problem.code !== 'credential-refused') return <ProblemWords error={new ProblemError(problem)} />;
  return (
    <Notice tone="bad">
      Nothing was stored. {withResult(checks, 'failed').length} of {checks.length} checks failed.{' '}
      {left !== undefined && `${left} attempts left this hour.`}
    </Notice>
  );
}
