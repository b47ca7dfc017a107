import { Button } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Notice } from '../look/notice/notice.tsx';
import { sessionQuery } from './session.ts';
import { signInElsewhere } from './sign-in.ts';

/** Says that the session has ended, and lets one sign in without leaving the page. */
export function SignedOutBar() {
  const { error, refetch } = useQuery(sessionQuery);
  const isSignedOut = error?.problem?.status === 401;
  const queries = useQueryClient();
  // The other tab has the session: it is looked for when the person comes back to this one.
  useWindowEvent('focus', () => void (isSignedOut && refetch()));
  // Then everything is read again.
  useEffect(() => (isSignedOut ? () => void queries.invalidateQueries() : undefined), [isSignedOut, queries]);
  if (!isSignedOut) return null;
  const signIn = (
    <Button variant="filled" onClick={signInElsewhere}>
      Sign in in a new tab
    </Button>
  );
  return (
    <Notice tone="waiting" actions={signIn}>
      You are signed out. Your input is kept.
    </Notice>
  );
}
