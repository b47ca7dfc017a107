import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams } from '@tanstack/react-router';
import { type MouseEvent, useEffect } from 'react';
import { useHasHistory } from '../history/queries.ts';
import { useLive } from '../live/live.ts';
import { Asks } from '../look/form/ask.tsx';
import { Loading } from '../look/notice/loading.tsx';
import { Notice } from '../look/notice/notice.tsx';
import { useMay } from '../session/me.ts';
import { OtherPerson } from '../session/other-person.tsx';
import { sessionQuery } from '../session/session.ts';
import { goToLogin } from '../session/sign-in.ts';
import { followSignOut, forgetEnding, lastEnding, signOut } from '../session/sign-out.ts';
import { SignedOut } from '../session/signed-out.tsx';
import { SignedOutBar } from '../session/signed-out-bar.tsx';
import { Find } from './find.tsx';
import classes from './frame.module.css';
import { Navigation } from './navigation.tsx';
import { OrgMenu } from './org-menu.tsx';
import { Paging } from './paging.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { UserMenu } from './user-menu.tsx';

/** The header, the navigation and the screen. Nobody sees it before they have signed in. */
export function Frame() {
  const { data: session, error } = useQuery(sessionQuery);
  const isSignedOut = error?.problem?.status === 401 && session === undefined;
  const ending = isSignedOut ? lastEnding() : undefined;
  const mustLogIn = isSignedOut && !ending;
  useEffect(() => {
    if (mustLogIn) goToLogin();
  }, [mustLogIn]);
  useEffect(followSignOut, []);
  if (session) return <Signed />;
  return (
    <main className={classes.main}>
      {ending && <SignedOut ending={ending} />}
      {error && !isSignedOut && <Notice tone="bad">{error.problem.detail}</Notice>}
      {(!error || mustLogIn) && <Loading from="console-gateway" />}
    </main>
  );
}

/** Moves the focus and leaves the address alone, whose fragment belongs to the screen. */
function skip(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById('screen')?.focus();
}

function Signed() {
  const { org } = useParams({ strict: false });
  const leaving = useMutation({ mutationFn: signOut });
  // This tab has signed in again since it was signed out.
  useEffect(forgetEnding, []);
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: it leads to a place on the page */}
      <a className={classes.skip} href="#screen" onClick={skip}>
        Skip to the content
      </a>
      <header className={classes.header}>
        <Link to="/" className={classes.brand}>
          Pagebridge
        </Link>
        <OrgMenu />
        {org && <Navigation org={org} />}
        <span className={classes.space} />
        {org && <OfOrg org={org} />}
        <UserMenu onSignOut={() => leaving.mutate()} />
      </header>
      <SignedOutBar />
      <OtherPerson />
      {leaving.error && (
        <Notice tone="bad" actions={<Button onClick={() => leaving.mutate()}>Try again</Button>}>
          You may still be signed in. {leaving.error.problem.detail}
        </Notice>
      )}
      <main id="screen" tabIndex={-1} className={classes.main}>
        <Asks>
          <Outlet />
        </Asks>
      </main>
      <Shortcuts />
    </>
  );
}

/** What the header has for an org: a field that finds an alert, and whether paging works. */
function OfOrg({ org }: { readonly org: string }) {
  useLive(org);
  // Its place is kept until it is known whether there is a history.
  const has = useHasHistory();
  const may = useMay(org, 'history:read');
  return (
    <>
      {has !== false && may !== false && <Find org={org} />}
      <Paging org={org} />
    </>
  );
}
