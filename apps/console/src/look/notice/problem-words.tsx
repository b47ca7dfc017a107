import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { problemIn } from '../../api/problem.ts';
import { type Cure, wordsOf } from '../../api/problem-words.ts';
import { browser } from '../../browser.ts';
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
    const [word, act] = {
      'read-again': ['Refresh', () => void queries.invalidateQueries()] as const,
      'sign-in': ['Sign in in a new tab', signInElsewhere] as const,
      reload: ['Reload', browser.reload] as const,
    }[cure];
    return <Button onClick={act}>{word}</Button>;
  }
  if ('copy' in cure) return <Copy text={cure.copy} what={cure.what} />;
  return (
    <Link to={cure.to} params={{ org }}>
      {cure.word}
    </Link>
  );
}
