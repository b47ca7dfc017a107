import { bodyWithin, requirePrivate } from '@pagebridge/access';
import { orUsage, UsageError } from '@pagebridge/programs';
import { type Context, type ServiceName } from '../contexts/context.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import type { Item } from '../output/items.ts';
import { problemError } from './problem.ts';

const timeoutMs = 30_000;
const mostBytes = 8 * 1024 * 1024;

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
  constructor(
    private readonly context: Context,
    private readonly token: () => Promise<string | undefined>,
    private readonly onBehalfOf?: string,
  ) {}

  /** Throws CommandError for any answer but success, and if there is none within 30 s. */
  async call(method: string, service: ServiceName, path: string, sent: Sent = {}): Promise<Answer> {
    const base = this.addressOf(service);
    const token = sent.token ?? (await this.token());
    const url = `${base}${path}${queryOf(sent.query)}`;
    const from = `${service} at ${base}`;
    const { status, headers, body } = await answerOf(
      from,
      method,
      url,
      {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(sent.ifMatch === undefined ? {} : { 'if-match': sent.ifMatch }),
        ...(this.onBehalfOf === undefined ? {} : { 'x-actor': this.onBehalfOf }),
      },
      sent.body,
    );
    const read = jsonIn(body);
    if (status < 200 || status > 299) throw problemError(status, read, from);
    if (read === undefined && body !== '') {
      throw new CommandError(
        exitCodes.failed,
        `${from} answers ${status} without JSON: is this the address of ${service}?`,
      );
    }
    return { status, body: (read ?? {}) as Item, etag: headers.get('etag') ?? undefined };
  }

  /** Returns at most `most` items of a list, and whether there are more. Its parts are read one after the other. */
  async list(service: ServiceName, path: string, query: Sent['query'], most: number) {
    const items: Item[] = [];
    let answer = await this.call('GET', service, path, { query: { ...query, limit: Math.min(most, 100) } });
    for (;;) {
      const { items: part, next } = answer.body as { readonly items?: readonly Item[]; readonly next?: string | null };
      items.push(...(part ?? []));
      const hasMore = typeof next === 'string';
      if (!hasMore || items.length >= most)
        return { items: items.slice(0, most), hasMore: hasMore || items.length > most };
      if (!next.startsWith('/')) throw new CommandError(exitCodes.failed, `${service} names ${next} as the next part`);
      answer = await this.call('GET', service, next);
    }
  }

  private addressOf(service: ServiceName): string {
    const address = (this.context[service] ?? this.context.url)?.replace(/\/+$/, '');
    if (address === undefined)
      throw new UsageError(`the context has no address of ${service}: pagebridge contexts set`);
    orUsage(() => requirePrivate(address));
    return address;
  }
}

async function answerOf(
  from: string,
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
) {
  try {
    const response = await fetch(url, {
      ...{ method, redirect: 'manual' as const, signal: AbortSignal.timeout(timeoutMs) },
      headers: {
        accept: 'application/json',
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const bytes = await bodyWithin(mostBytes, response);
    if (!bytes) throw new Error(`its answer is larger than ${mostBytes} bytes`);
    return { status: response.status, headers: response.headers, body: bytes.toString('utf8') };
  } catch (error) {
    const { name, message, cause } = error as Error;
    const why = name === 'TimeoutError' ? `nothing within ${timeoutMs / 1000} s` : causeIn(cause) || message;
    const doubt = method === 'GET' ? '' : '\nIt may have been done all the same: look before you repeat it.';
    throw new CommandError(exitCodes.unavailable, `${from} does not answer: ${why}${doubt}`);
  }
}

// Node joins the failures of several addresses without a message of their own.
const causeIn = (cause: unknown): string =>
  cause instanceof AggregateError ? causeIn(cause.errors[0]) : cause instanceof Error ? cause.message : '';

function jsonIn(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function queryOf(query: Sent['query'] = {}): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? '' : `?${given}`;
}
