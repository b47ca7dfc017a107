import { Injectable } from '@nestjs/common';
import { Problem } from '@pagebridge/service';
import type { Request, Response } from 'express';
import { gatewayProblems as problems } from '../problems.ts';
import { Cookies } from './cookies.ts';
import { Sealing } from './sealing.ts';
import { nowSeconds, type Session } from './session.ts';

// Ingresses refuse header lines of more than 8 KiB, and browsers cookies of more than 4 KiB.
const maxBytes = 7000;
const partBytes = 3800;
const parts = ['0', '1'];

/** A cookie that is there for as long as another login would mean that the first one did not help. */
const fresh = 'fresh';
const freshSeconds = 30;

/** The sessions in the cookies of browsers. */
@Injectable()
export class Sessions {
  constructor(
    private readonly cookies: Cookies,
    private readonly sealing: Sealing,
  ) {}

  /** Throws 401 `signed-out`. */
  async of(request: Request): Promise<Session> {
    const session = await this.find(request);
    if (session) return session;
    const detail = 'This browser has no session. Sign in.';
    throw new Problem({ ...problems['signed-out'], detail });
  }

  async find(request: Request): Promise<Session | undefined> {
    const cookies = this.cookies.of(request);
    const sealed = parts.map((part) => cookies.get(part) ?? '').join('');
    return sealed === '' ? undefined : this.sealing.open<Session>('session', sealed);
  }

  /** Keeps a new session. Throws 401 `session-too-large`. */
  async begin(response: Response, session: Session): Promise<void> {
    await this.keep(response, session);
    this.cookies.set(response, fresh, '1', freshSeconds);
  }

  /** Returns whether this browser has logged in a moment ago. */
  hasJustBegun = (request: Request): boolean => this.cookies.of(request).has(fresh);

  /** Lets a browser that has logged in a moment ago do so again. */
  allowLogin = (response: Response): void => this.cookies.clear(response, fresh);

  /** Replaces the session of a browser. Throws 401 `session-too-large`. */
  async keep(response: Response, session: Session): Promise<void> {
    const sealed = await this.sealed(session);
    if (sealed.length > maxBytes) {
      const detail =
        `The encrypted tokens of this login have ${sealed.length} bytes, but cookies hold ${maxBytes}. Ask your operator to put only ` +
        'app roles, or the groups that the access policy uses, into the access token.';
      throw new Problem({ ...problems['session-too-large'], detail });
    }
    for (const [index, part] of parts.entries()) {
      const text = sealed.slice(index * partBytes, (index + 1) * partBytes);
      if (text === '') this.cookies.clear(response, part);
      else this.cookies.set(response, part, text, session.endsAt - nowSeconds());
    }
  }

  private async sealed(session: Session): Promise<string> {
    const sealed = await this.sealing.seal('session', session, session.endsAt);
    if (sealed.length <= maxBytes) return sealed;
    const { idToken: _, ...rest } = session;
    return this.sealing.seal('session', rest, session.endsAt);
  }

  forget(response: Response): void {
    for (const name of [...parts, fresh]) this.cookies.clear(response, name);
  }
}
