import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { problemIn } from '../../api/problem.ts';
import { type Cure, wordsOf } from '../../api/problem-words.ts';
import { signInElsewhere } from '../../session/sign-in.ts';
import { Copy } from '../copy.tsx';
import { Time } from '../time/time.tsx';
import { Notice } from './notice.tsx';
import { Sentence } from './sentence.tsx';

/** A failed action in its place: what has happened, what one can do about it, and when a retry may succeed. */
export function ProblemWords({ error }: { readonly error: unknown }) {
  const { org = '' } = useParams({ strict: false });
  const problem = problemIn(error);
  const { text, cure } = wordsOf(problem, org);
  return (
    <Notice tone="bad" actions={cure && <Remedy cure={cure} org={org} />}>
      <p>
        <Sentence text={text} />
      </p>
      {problem.retryAt && (
        <p>
          Try again at <Time at={problem.retryAt} />.
        </p>
      )}
    </Notice>
  );
}

interface RemedyProps {
  readonly cure: Cure;
  readonly org: string;
}

function Remedy({ cure, org }: RemedyProps) {
  const queries = useQueryClient();
  if (typeof cure === 'string') {
    const act = { 'read-again': () => void queries.invalidateQueries(), 'sign-in': signInElsewhere };
    return <Button onClick={act[cure]}>{cure === 'sign-in' ? 'Sign in in a new tab' : 'Refresh'}</Button>;
  }
  if ('copy' in cure) return <Copy text={cure.copy} what={cure.what} />;
  return (
    <Link to={cure.to} params={{ org }}>
      {cure.word}
    </Link>
  );
}
