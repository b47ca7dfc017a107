import { describe, expect, it } from '@jest/globals';
import type { Request, Response } from 'express';
import { loadGatewayConfig } from '../config.ts';
import { variables } from '../console-gateway.fixtures.ts';
import { Cookies } from './cookies.ts';
import { Sealing } from './sealing.ts';
import { nowSeconds, type Session } from './session.ts';
import { Sessions } from './sessions.ts';

/** The cookies that responses set, as a browser keeps them. */
class Jar {
  readonly kept = new Map<string, string>();
  readonly options = new Map<string, object>();
  readonly response = {
    cookie: (name: string, value: string, options: object) => {
      this.kept.set(name, value);
      this.options.set(name, options);
    },
    clearCookie: (name: string) => this.kept.delete(name),
  } as unknown as Response;

  get request(): Request {
    return { headers: { cookie: [...this.kept].map(([name, value]) => `${name}=${value}`).join('; ') } } as Request;
  }
}

const sessionsAt = (PUBLIC_URL: string) => {
  const config = loadGatewayConfig({ ...variables, PUBLIC_URL });
  return new Sessions(new Cookies(config), new Sealing(config));
};
const sessions = sessionsAt('https://console.example.com');
const endsAt = Math.floor(nowSeconds()) + 3600;
const sessionOf = (bytes: number): Session => ({
  accessToken: 'a'.repeat(bytes),
  refreshToken: 'r',
  subject: 'ada',
  name: 'Ada Lovelace',
  endsAt,
});

describe('a session', () => {
  it.each([100, 2000, 4900])('with a token of %d bytes is read back as it was kept', async (bytes) => {
    const jar = new Jar();
    await sessions.keep(jar.response, sessionOf(bytes));
    expect(await sessions.of(jar.request)).toEqual(sessionOf(bytes));
    for (const value of jar.kept.values()) expect(value.length).toBeLessThan(4000);
  });

  it('keeps its ID token only if the cookies can hold it', async () => {
    const jar = new Jar();
    await sessions.keep(jar.response, { ...sessionOf(100), idToken: 'i' });
    expect(await sessions.of(jar.request)).toEqual({ ...sessionOf(100), idToken: 'i' });
    await sessions.keep(jar.response, { ...sessionOf(4000), idToken: 'i'.repeat(2000) });
    expect(await sessions.of(jar.request)).toEqual(sessionOf(4000));
  });

  it('without a refresh token has none when it is read back', async () => {
    const jar = new Jar();
    const { refreshToken: _none, ...session } = sessionOf(100);
    await sessions.keep(jar.response, session);
    expect(await sessions.of(jar.request)).toEqual(session);
  });

  it('that became smaller leaves no rest of the former one', async () => {
    const jar = new Jar();
    await sessions.keep(jar.response, sessionOf(4900));
    await sessions.keep(jar.response, sessionOf(100));
    expect([...jar.kept.keys()]).toEqual(['__Host-pagebridge-0']);
    expect(await sessions.of(jar.request)).toEqual(sessionOf(100));
  });

  it('that no ingress would let pass is refused, with what the operator can do', async () => {
    const jar = new Jar();
    const refusal = await sessions.keep(jar.response, sessionOf(10_240)).catch((error) => error);
    expect(refusal.details).toMatchObject({ status: 401, code: 'session-too-large' });
    expect(refusal.details.detail).toContain('app roles');
    expect(jar.kept.size).toBe(0);
  });

  it('is in cookies for this host alone, which no script reads', async () => {
    const [secure, local] = [new Jar(), new Jar()];
    await sessions.keep(secure.response, sessionOf(100));
    await sessionsAt('http://127.0.0.1:8080').keep(local.response, sessionOf(100));
    const expected = { path: '/', httpOnly: true, sameSite: 'lax' };
    expect(secure.options.get('__Host-pagebridge-0')).toMatchObject({ ...expected, secure: true });
    expect(local.options.get('pagebridge-0')).toMatchObject({ ...expected, secure: false });
  });

  it('is none without a cookie, and after it was forgotten', async () => {
    const jar = new Jar();
    const signedOut = { details: expect.objectContaining({ status: 401, code: 'signed-out' }) };
    await expect(sessions.of(jar.request)).rejects.toMatchObject(signedOut);
    await sessions.begin(jar.response, sessionOf(100));
    expect(sessions.hasJustBegun(jar.request)).toBe(true);
    sessions.forget(jar.response);
    expect(sessions.hasJustBegun(jar.request)).toBe(false);
    await expect(sessions.of(jar.request)).rejects.toMatchObject(signedOut);
  });
});
