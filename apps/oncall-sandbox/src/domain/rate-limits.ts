import { RateLimit, type RateLimitRule } from './rate-limit.ts';

/** A limit as it is given: without a name that of a host keeps its own, and an endpoint's is called after it. */
export type GivenLimit = Omit<RateLimitRule, 'name'> & { readonly name?: string };

/**
 * What is to be limited from now on; what is left out stays.
 *
 * `everyEndpoint` gives each endpoint a limit of its own, all alike, or null for none; `endpoints` are exceptions, all of
 * them, by names such as `GET /api/v2/team`.
 */
export interface RateLimitChange {
  readonly api?: GivenLimit;
  readonly paging?: GivenLimit;
  readonly everyEndpoint?: GivenLimit | null;
  readonly endpoints?: Readonly<Record<string, GivenLimit>>;
}

/** What an org allows. A call counts for its endpoint where that has a limit of its own, else for its host. */
export class RateLimits {
  readonly api = new RateLimit({ limit: 60_000, periodSeconds: 60, name: 'sandbox_api' });
  readonly paging = new RateLimit({ limit: 60_000, periodSeconds: 60, name: 'sandbox_paging' });
  #every: GivenLimit | null = null;
  #exceptions: Readonly<Record<string, GivenLimit>> = {};
  readonly #endpoints = new Map<string, RateLimit>();

  change({ api, paging, everyEndpoint, endpoints }: RateLimitChange): void {
    if (api) this.api.replace({ name: this.api.rule.name, ...api });
    if (paging) this.paging.replace({ name: this.paging.rule.name, ...paging });
    if (everyEndpoint !== undefined) this.#every = everyEndpoint;
    if (endpoints) this.#exceptions = endpoints;
    if (everyEndpoint !== undefined || endpoints) this.#endpoints.clear();
  }

  /** The limit that a call counts for; `endpoint` is undefined for a path that is none. */
  of(host: 'api' | 'paging', endpoint: string | undefined): RateLimit {
    if (endpoint === undefined) return this[host];
    const started = this.#endpoints.get(endpoint);
    if (started) return started;
    const rule = this.#exceptions[endpoint] ?? this.#every;
    if (!rule) return this[host];
    const limit = new RateLimit({ name: endpoint, ...rule });
    this.#endpoints.set(endpoint, limit);
    return limit;
  }

  rules(): Required<RateLimitChange> {
    return {
      api: this.api.rule,
      paging: this.paging.rule,
      everyEndpoint: this.#every,
      endpoints: this.#exceptions,
    };
  }
}
