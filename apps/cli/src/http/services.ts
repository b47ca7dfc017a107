import { orUsage, requirePrivate, UsageError } from '@pagebridge/process';
import { printable } from '@pagebridge/vocabulary';
import { type Context, type ServiceName } from '../contexts/context.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import type { Item } from '../output/items.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { problemIn, RefusedError } from './problem.ts';

// Shorter than the rest of its life with which a login counts as fresh.
const tokenMs = 20_000;
const maxParts = 5000;

export interface Answer {
  readonly status: number;
  readonly body: Item;
  /** The version, which a change must name. */
  readonly etag: string | undefined;
}

export interface Sent {
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly ifMatch?: string | undefined;
  /** In place of the token of the context. */
  readonly token?: string;
}

/** The services of a context. Their answers are not trusted more than a terminal and the memory of this machine allow. */
export class Services {
  private token: { readonly value: Promise<string | undefined>; readonly until: number } | undefined;

  constructor(
    private readonly context: Context,
    private readonly makeToken: () => Promise<string | undefined>,
    private readonly onBehalfOf?: string,
  ) {}

  /** Throws CommandError for any answer but success, and if there is none within 30 s. */
  async call(method: string, service: ServiceName, path: string, sent: Sent = {}): Promise<Answer> {
    const base = this.addressOf(service);
    const from = `${service} at ${base}`;
    const token = sent.token ?? (await this.presentToken());
    const headers = withoutUndefined({
      accept: 'application/json',
      authorization: token && `Bearer ${token}`,
      'content-type': sent.body === undefined ? undefined : 'application/json',
      'if-match': sent.ifMatch,
      'x-actor': this.onBehalfOf,
    });
    const body = sent.body === undefined ? null : JSON.stringify(sent.body);
    const query = new URLSearchParams(withoutUndefined(sent.query ?? {}));
    const url = `${base}${path}${query.size > 0 ? `?${query}` : ''}`;
    const response = await boundedFetch(url, { method, headers, body }).catch(({ message }: Error) => {
      const doubt = method === 'GET' ? '' : '\nhint: the request may have succeeded; check before you retry';
      throw new CommandError(exitCodes.unavailable, `${from} is unreachable: ${printable(message)}${doubt}`);
    });
    const { status } = response;
    const text = await response.text();
    const read = jsonIn(text);
    if (!response.ok) throw new RefusedError(status, problemIn(read, response.headers), from);
    if (read !== undefined || text === '')
      return { status, etag: response.headers.get('etag') ?? undefined, body: (read ?? {}) as Item };
    const message = `${from} responded with ${status} without JSON\nhint: check that this is the address of ${service}`;
    throw new CommandError(exitCodes.failed, message);
  }

  private async presentToken(): Promise<string | undefined> {
    if (!this.token || Date.now() >= this.token.until)
      this.token = { value: this.makeToken(), until: Date.now() + tokenMs };
    try {
      return await this.token.value;
    } catch (error) {
      this.token = undefined;
      throw error;
    }
  }

  /** Returns at most `most` items of a list, and whether there are more. Its parts are read one after the other. */
  async list(service: ServiceName, path: string, query: Sent['query'], most: number) {
    const items: Item[] = [];
    let answer = await this.call('GET', service, path, { query: { ...query, limit: Math.min(most, 100) } });
    // A part may be empty and name a next one, but not for ever.
    for (let part = 1; part <= maxParts; part += 1) {
      const { items: its = [], next } = answer.body as {
        readonly items?: readonly Item[];
        readonly next?: string | null;
      };
      items.push(...its);
      const isLast = typeof next !== 'string';
      if (isLast || items.length >= most)
        return { items: items.slice(0, most), hasMore: !isLast || items.length > most };
      if (!next.startsWith('/')) break;
      answer = await this.call('GET', service, next);
    }
    throw new CommandError(exitCodes.failed, `${service} returned an endless list, or a next page at another address`);
  }

  addressOf(service: ServiceName): string {
    const address = (this.context[service] ?? this.context.url)?.replace(/\/+$/, '');
    if (address === undefined)
      throw new UsageError(`the context has no address of ${service}\nhint: run pagebridge contexts set`);
    orUsage(() => requirePrivate(address));
    return address;
  }
}

function jsonIn(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const withoutUndefined = (fields: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, its]) => (its === undefined ? [] : [[name, String(its)]])));
