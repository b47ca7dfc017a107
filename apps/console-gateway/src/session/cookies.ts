import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@pagebridge/service';
import type { CookieOptions, Request, Response } from 'express';
import type { ConsoleGatewayConfig } from '../config.ts';

/**
 * The cookies of the console: bound to its host, and out of reach of scripts. On http, which is a loopback address, without `Secure` and
 * without the prefix that needs it.
 */
@Injectable()
export class Cookies {
  private readonly prefix: string;
  private readonly options: CookieOptions;

  constructor(@Inject(CONFIG) { PUBLIC_URL }: ConsoleGatewayConfig) {
    const secure = PUBLIC_URL.startsWith('https:');
    this.prefix = secure ? '__Host-pagebridge-' : 'pagebridge-';
    // `strict` would hide the session from a page that is opened by a link in a chat.
    this.options = { path: '/', httpOnly: true, sameSite: 'lax', secure };
  }

  /** Returns the cookies of a request by their names without prefix, in the order of the browser: the oldest first. */
  of({ headers }: Pick<Request, 'headers'>): ReadonlyMap<string, string> {
    const pairs = (headers.cookie ?? '').split(/; */).flatMap((pair) => {
      const [name = '', value = ''] = pair.split('=', 2);
      return name.startsWith(this.prefix) ? [[name.slice(this.prefix.length), value] as const] : [];
    });
    return new Map(pairs);
  }

  set(response: Response, name: string, value: string, seconds: number): void {
    response.cookie(this.prefix + name, value, { ...this.options, maxAge: Math.floor(seconds) * 1000 });
  }

  clear(response: Response, name: string): void {
    response.clearCookie(this.prefix + name, this.options);
  }
}
