import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Cookies } from '../session/cookies.ts';
import type { LoginChecks } from '../session/issuer.ts';
import { Sealing } from '../session/sealing.ts';
import { nowSeconds } from '../session/session.ts';

export interface PendingLogin extends LoginChecks {
  readonly returnTo: string;
}

const pendingSeconds = 10 * 60;
// One a tab, but a browser that opens twenty tabs must not send cookies that an ingress refuses.
const maxPending = 3;

/** The logins that wait for their callback, each sealed in a cookie of its own, so that tabs do not disturb each other. */
@Injectable()
export class PendingLogins {
  constructor(
    private readonly cookies: Cookies,
    private readonly sealing: Sealing,
  ) {}

  async keep(request: Request, response: Response, pending: PendingLogin): Promise<void> {
    const known = [...this.cookies.of(request).keys()].filter((name) => name.startsWith('login-'));
    for (const oldest of known.slice(0, 1 - maxPending)) this.cookies.clear(response, oldest);
    const sealed = await this.sealing.seal('login', pending, Math.floor(nowSeconds()) + pendingSeconds);
    this.cookies.set(response, nameOf(pending.state), sealed, pendingSeconds);
  }

  /** Returns the login that waits for a callback with this state, once. */
  async redeem(request: Request, response: Response, state: unknown): Promise<PendingLogin | undefined> {
    if (typeof state !== 'string') return undefined;
    const name = nameOf(state);
    const sealed = this.cookies.of(request).get(name);
    if (sealed === undefined) return undefined;
    this.cookies.clear(response, name);
    const pending = await this.sealing.open<PendingLogin>('login', sealed);
    return pending?.state === state ? pending : undefined;
  }
}

const nameOf = (state: string): string => `login-${state.slice(0, 16)}`;
