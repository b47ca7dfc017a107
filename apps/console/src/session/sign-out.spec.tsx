import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { screen, waitFor } from '@testing-library/react';
import { queryClient } from '../api/query-client.ts';
import { renew } from '../api/renew.ts';
import { browser } from '../browser.ts';
import { openConsole } from '../console.fixtures.tsx';
import { Services } from '../services.fixtures.ts';

const issuer = 'https://login.example.com';
const path = '/o/acme-us/connections';

afterEach(() => {
  jest.restoreAllMocks();
});

/** Has the gateway end the session with an answer. */
function endWith(services: Services, ending: object): void {
  services.on('POST /logout', () => {
    services.refuse('GET /session', 401, 'signed-out');
    return Response.json({ issuer, ...ending });
  });
}

async function clickSignOut({ user }: ReturnType<typeof openConsole>): Promise<void> {
  await user.click(await screen.findByRole('button', { name: /ada/ }));
  // The menu fades in, which takes for ever without a browser's clock.
  await user.click(await screen.findByRole('menuitem', { name: 'Sign out', hidden: true }));
}

describe('a sign-out', () => {
  it('leads to where the issuer ends its session; this browser does not sign in again by itself', async () => {
    const go = jest.spyOn(browser, 'go').mockReturnValue();
    const opened = openConsole(path);
    endWith(opened.services, { isTokenRevoked: true, endSessionUrl: `${issuer}/end` });
    await clickSignOut(opened);
    await screen.findByText('You are signed out of Pagebridge.');
    await waitFor(() => expect(go.mock.calls).toEqual([[`${issuer}/end`]]));
    expect(screen.queryByRole('heading', { name: 'Connections' })).toBeNull();
    expect(screen.queryByText(/may still be signed in/)).toBeNull();
    await opened.user.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(go).toHaveBeenLastCalledWith(`/login?return=${encodeURIComponent(path)}`);
  });

  it('says what an issuer without the pages for it could not end', async () => {
    const go = jest.spyOn(browser, 'go').mockReturnValue();
    const opened = openConsole(path);
    endWith(opened.services, { isTokenRevoked: false });
    await clickSignOut(opened);
    await screen.findByText(/^You may still be signed in at https:\/\/login\.example\.com/);
    await screen.findByText(/^https:\/\/login\.example\.com has not revoked this session/);
    expect(go).not.toHaveBeenCalled();
  });

  it('ends every other tab, and leaves nothing that was read in its memory', async () => {
    const { services } = openConsole(path);
    await screen.findByRole('heading', { name: 'Connections' });
    const tab = new BroadcastChannel('pagebridge-session');
    services.refuse('GET /session', 401, 'signed-out');
    tab.postMessage({ issuer, isTokenRevoked: true, endSessionUrl: `${issuer}/end` });
    tab.close();
    await screen.findByText('You are signed out of Pagebridge.');
    await waitFor(() => {
      const kept = queryClient.getQueryCache().getAll();
      expect(kept.map(({ queryKey }) => queryKey)).toEqual([['session']]);
    });
  });

  it('waits for a renewal in flight, whose answer would sign in again', async () => {
    jest.spyOn(browser, 'go').mockReturnValue();
    const opened = openConsole(path);
    const { services } = opened;
    await screen.findByRole('heading', { name: 'Connections' });
    services.answer('GET /session', { ...(await (await services.fetch('/session')).json()), mustRenew: true });
    const release = services.hold('POST /session/renew');
    const renewing = renew();
    await waitFor(() => expect(services.asked('POST /session/renew')).toHaveLength(1));
    endWith(services, { isTokenRevoked: true, endSessionUrl: `${issuer}/end` });
    await clickSignOut(opened);
    // A request that did not wait would be sent within this round.
    await services.fetch('/session');
    expect(services.asked('POST /logout')).toHaveLength(0);
    release();
    await renewing;
    await screen.findByText('You are signed out of Pagebridge.');
  });

  it.each([
    ['is lost', (services: Services) => services.lose('POST /logout'), /^You may still be signed in\. .*offline/],
    ['is refused', (services: Services) => services.refuse('POST /logout', 403, 'foreign-page'), /foreign-page\./],
  ])('that %s says so, and can be tried again', async (_what, fail, words) => {
    jest.spyOn(browser, 'go').mockReturnValue();
    const opened = openConsole(path);
    fail(opened.services);
    await clickSignOut(opened);
    await screen.findByText(words);
    endWith(opened.services, { isTokenRevoked: true });
    await opened.user.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByText('You are signed out of Pagebridge.');
  });
});

describe('a page that another person signed in over', () => {
  const change = 'PUT /v1/source-orgs/{org}';

  it('names the person of its own with every change, and says who is signed in now', async () => {
    const reload = jest.spyOn(browser, 'reload').mockReturnValue();
    const { services, user } = openConsole('/o/acme-us/settings');
    await user.type(await screen.findByLabelText('Fallback handle'), 'x');
    const session = (await (await services.fetch('/session')).json()) as object;
    services.answer('GET /session', { ...session, subject: 'olga', name: 'Olga' });
    services.refuse(change, 409, 'other-person', { detail: 'Nothing was sent.' });
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await screen.findByText(/^Olga is signed in now, but somebody else opened this page/);
    expect(services.asked(change).map(({ headers }) => headers.get('x-pagebridge-subject'))).toEqual(['ada']);
    const [first] = screen.getAllByRole('button', { name: 'Reload' });
    await user.click(first as HTMLElement);
    expect(reload).toHaveBeenCalled();
  });
});

describe('a renewal on a network that is dead', () => {
  it('is given up, so that other tabs can renew', async () => {
    const services = new Services();
    globalThis.fetch = services.fetch;
    const deadline = new AbortController();
    const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(deadline.signal);
    services.on('GET /session', ({ signal }) => {
      return new Promise((_answer, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    const renewing = renew();
    await waitFor(() => expect(timeout).toHaveBeenCalledWith(15_000));
    deadline.abort(new Error('given up'));
    await expect(renewing).rejects.toThrow('given up');
    expect((await navigator.locks.query()).held).toEqual([]);
  });
});
