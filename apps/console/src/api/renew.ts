import type { Session } from '../session/session.ts';

// A dead network must not hold the lock of all tabs. The gateway may ask its issuer twice, five seconds each: a renewal that is given up
// before would lose the new refresh token.
const deadlineMs = 15_000;

/** Sends a request to the gateway itself. The header is one that a form of another site cannot send. */
export const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(path, {
    ...init,
    headers: { ...init.headers, 'x-pagebridge-console': '1' },
    signal: AbortSignal.timeout(deadlineMs),
  });

/** Does something for the session while no other tab does: none renews it, none ends it. */
export const alone = <T>(act: () => Promise<T>): Promise<T> => navigator.locks.request('pagebridge-renew', act);

/**
 * Renews the session unless another tab has just done so. Returns the answer that refuses it; undefined if there is a session now.
 *
 * The lock is that of the browser: a refresh token that rotates is then used once, however many tabs are open.
 */
export const renew = (): Promise<Response | undefined> =>
  alone(async () => {
    const known = await ask('/session');
    if (known.ok && !((await known.json()) as Session).mustRenew) return undefined;
    // A reload in the middle would lose the new refresh token, and the old one is used up.
    const renewed = await ask('/session/renew', { method: 'POST', keepalive: true });
    return renewed.ok ? undefined : renewed;
  });
