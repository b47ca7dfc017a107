import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams } from '@tanstack/react-router';
import { type MouseEvent, useEffect } from 'react';
import { Loading } from '../look/notice/loading.tsx';
import { Notice } from '../look/notice/notice.tsx';
import { meQuery } from '../session/me.ts';
import { heldIn } from '../session/permissions.ts';
import { sessionQuery } from '../session/session.ts';
import { goToLogin } from '../session/sign-in.ts';
import { SignedOutBar } from '../session/signed-out-bar.tsx';
import classes from './frame.module.css';
import { MoreMenu } from './more-menu.tsx';
import { NewRelease } from './new-release.tsx';
import { OrgMenu } from './org-menu.tsx';
import { Paging } from './paging.tsx';
import { screens } from './screens.ts';
import { Shortcuts } from './shortcuts.tsx';
import { UserMenu } from './user-menu.tsx';

/** The header, the navigation and the screen. Nobody sees it before they have signed in. */
export function Frame() {
  const { data: session, error } = useQuery(sessionQuery);
  const isSignedOut = error?.problem?.status === 401 && session === undefined;
  useEffect(() => {
    if (isSignedOut) goToLogin();
  }, [isSignedOut]);
  if (session) return <Signed />;
  return (
    <main className={classes.main}>
      {error && !isSignedOut ? <Notice tone="bad">{error.problem.detail}</Notice> : <Loading from="console-gateway" />}
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
  const { data: me } = useQuery(meQuery);
  // Screens that the person may never see are left out, once that is known.
  const held = org && me && heldIn(me, org);
  const shown = screens.filter(({ needs }) => !held || held.includes(needs));
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
        {org && (
          <nav aria-label="Screens" className={classes.nav}>
            {shown
              .filter((its) => !('isMore' in its))
              .map(({ name, to }) => (
                <Link
                  key={to}
                  to={to}
                  params={{ org }}
                  className={classes.link}
                  activeProps={{ className: classes.here }}
                >
                  {name}
                </Link>
              ))}
            <MoreMenu org={org} screens={shown.filter((its) => 'isMore' in its)} />
          </nav>
        )}
        <span className={classes.space} />
        {org && <Paging org={org} />}
        <UserMenu />
      </header>
      <SignedOutBar />
      <NewRelease />
      <main id="screen" tabIndex={-1} className={classes.main}>
        <Outlet />
      </main>
      <Shortcuts />
    </>
  );
}
