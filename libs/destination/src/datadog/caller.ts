import type { Credential } from '@pagebridge/sealed-credentials';
import type { Failure, MadeCall, Result } from '../result.ts';
import { badAnswer, failureOfAnswer, failureOfBroken, unsendable } from './classify.ts';
import { type Answer, type Exchanged, exchange } from './exchange.ts';
import { type Json, objectIn, parsed } from './json.ts';
import { pools } from './pools.ts';
import { rateLimitOf } from './rate-limit.ts';

export interface CallerOptions {
  readonly origin: string;
  readonly credential: Credential;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly userAgent: string;
}

/** A request. The path is a list of segments that are not yet encoded. */
export interface Call {
  readonly method?: 'GET' | 'POST';
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: string;
  readonly apiKeyOnly?: boolean;
  readonly maxBodyBytes?: number;
}

/** Reads the value from the body of a 2xx answer; returns undefined if the value is missing. */
type Reader<T> = (body: Json) => T | undefined;

type Understood<T> = { readonly value: T } | { readonly complaint: string };

const defaultBodyBytes = 1024 * 1024;

/** Calls one host with one credential, and turns each answer into a `Result`. */
export class Caller {
  readonly #options: CallerOptions;
  // Built once, not for each call.
  readonly #headersOf: ReturnType<typeof headersOf>;

  constructor(options: CallerOptions) {
    this.#options = options;
    this.#headersOf = headersOf(options);
  }

  /** Makes a call whose 2xx answer must be a JSON object with the value that `read` returns; `complaint` describes its absence. */
  call<T>(call: Call, read: Reader<T>, complaint: string): Promise<Result<T>> {
    return this.#send(call, ({ body, whole }) => {
      if (!whole) return { complaint: 'its body is too long' };
      const object = objectIn(parsed(body));
      if (!object) return { complaint: body.trim() === '' ? 'its body is empty' : 'its body is not a JSON object' };
      const value = read(object);
      return value === undefined ? { complaint } : { value };
    });
  }

  /** Sends a POST without a body. A 2xx status is enough, but a body must be JSON: HTML comes from a proxy. */
  accept(path: readonly string[]): Promise<Result<void>> {
    return this.#send({ method: 'POST', path }, ({ body, whole }) =>
      whole && (body.trim() === '' || parsed(body) !== undefined)
        ? { value: undefined }
        : { complaint: 'its body is neither empty nor JSON' },
    );
  }

  async #send<T>(call: Call, understand: (answer: Answer) => Understood<T>): Promise<Result<T>> {
    const { method = 'GET', body, maxBodyBytes = defaultBodyBytes } = call;
    // A lone surrogate, which an id or keyword from another system may contain, cannot be encoded.
    const path = `/${call.path.map((segment) => encodeURIComponent(segment.toWellFormed())).join('/')}`;
    const label = () => `${method} ${this.#clean(path).slice(0, 120)}`;
    const failure = unsendable(label, call.path, this.#options.credential);
    if (failure) return { ok: false, failure };
    const { origin, timeoutMs, signal } = this.#options;
    const limits = { timeoutMs, signal, maxBodyBytes };
    const request = { origin, method, path: path + queryOf(call), headers: this.#headers(call), ...limits };
    const startedAt = performance.now();
    const exchanged = await exchange(pools(), body === undefined ? request : { ...request, body });
    const made = callOf(exchanged, Math.round(performance.now() - startedAt));
    return this.#result(label, exchanged, made, understand);
  }

  #result<T>(
    label: () => string,
    exchanged: Exchanged,
    call: MadeCall,
    understand: (answer: Answer) => Understood<T>,
  ): Result<T> {
    const clean = (text: string) => this.#clean(text);
    if (exchanged.kind === 'broken') return { ok: false, failure: failureOfBroken(label(), exchanged, clean), call };
    const { status, headers } = exchanged;
    const rateLimit = rateLimitOf(headers);
    const limit = rateLimit ? { rateLimit, call } : { call };
    const failed = (failure: Failure): Result<T> => ({ ok: false, failure, ...limit });
    if (status < 200 || status >= 300) return failed(failureOfAnswer(label(), exchanged, clean, Date.now()));
    const understood = understand(exchanged);
    if ('complaint' in understood) return failed(badAnswer(label(), status, understood.complaint));
    return { ok: true, value: understood.value, ...limit };
  }

  #headers({ method, body, apiKeyOnly }: Call): Readonly<Record<string, string>> {
    if (apiKeyOnly) return this.#headersOf.identified;
    if (body !== undefined) return this.#headersOf.withBody;
    return method === 'POST' ? this.#headersOf.withoutAnswer : this.#headersOf.authorized;
  }

  // A destination may echo the credential in its answer.
  #clean(text: string): string {
    const { apiKey, applicationKey } = this.#options.credential;
    return [apiKey, applicationKey].reduce(
      (clean, secret) => (secret === '' ? clean : clean.replaceAll(secret, '[redacted]')),
      text,
    );
  }
}

const callOf = (exchanged: Exchanged, durationMs: number): MadeCall =>
  exchanged.kind === 'answer' ? { durationMs, status: exchanged.status } : { durationMs };

function headersOf({ credential, userAgent }: CallerOptions) {
  const json = 'application/json';
  const identified = { 'user-agent': userAgent, 'dd-api-key': credential.apiKey, accept: json };
  const authorized = { ...identified, 'dd-application-key': credential.applicationKey };
  return {
    identified,
    authorized,
    withBody: { ...authorized, 'content-type': json },
    withoutAnswer: { ...authorized, accept: '*/*' },
  };
}

function queryOf({ query }: Call): string {
  if (!query) return '';
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value).toWellFormed())}`,
  );
  return `?${pairs.join('&')}`;
}
