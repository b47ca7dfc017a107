import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { Notice } from '../look/notice/notice.tsx';
import { goToLogin } from './sign-in.ts';
import { type Ending, forgetData } from './sign-out.ts';

/** What stands in the place of the console after a sign-out, with what it could not end. */
export function SignedOut({ ending: { issuer, isTokenRevoked, endSessionUrl } }: { readonly ending: Ending }) {
  useEffect(forgetData, []);
  const signIn = (
    <Button variant="filled" onClick={goToLogin}>
      Sign in
    </Button>
  );
  return (
    <Notice tone={isTokenRevoked && endSessionUrl ? 'note' : 'waiting'} actions={signIn}>
      <p>You are signed out of Pagebridge.</p>
      {!endSessionUrl && (
        <p>
          You may still be signed in at {issuer}, so that this browser can sign in again without a password. Sign out
          there, too.
        </p>
      )}
      {!isTokenRevoked && (
        <p>
          {issuer} has not revoked this session. If somebody has copied your cookies, the copy can be used for up to 12
          hours.
        </p>
      )}
    </Notice>
  );
}
