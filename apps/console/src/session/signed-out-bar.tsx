import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Notice } from '../look/notice/notice.tsx';
import { sessionQuery } from './session.ts';
import { signInElsewhere } from './sign-in.ts';
import { signedOut, useSignedOut } from './signed-out.ts';

/** Says that the session has ended, and lets one sign in without leaving the page. */
export function SignedOutBar() {
  const isSignedOut = useSignedOut();
  const queries = useQueryClient();
  useEffect(() => {
    if (!isSignedOut) return undefined;
    // The other tab has the session: it is looked for when the person comes back to this one.
    const look = async () => {
      const session = await queries.fetchQuery({ ...sessionQuery, staleTime: 0 }).catch(() => undefined);
      if (!session) return;
      signedOut.set(false);
      await queries.invalidateQueries();
    };
    window.addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      window.removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [isSignedOut, queries]);
  if (!isSignedOut) return null;
  const signIn = (
    <Button size="compact-sm" onClick={signInElsewhere}>
      Sign in in a new tab
    </Button>
  );
  return (
    <Notice tone="waiting" actions={signIn}>
      You are signed out. What you typed is kept.
    </Notice>
  );
}
