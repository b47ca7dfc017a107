import { RateLimit, type RateLimitRule } from './rate-limit.ts';

/** A configured limit. Without a name, the limit of a host keeps its name, and that of an endpoint has the endpoint's. */
export type GivenLimit = Omit<RateLimitRule, 'name'> & { readonly name?: string };

/**
 * A change of the limits; an omitted field stays as it is.
 *
 * `everyEndpoint` gives each endpoint its own limit with this rule, null none. `endpoints` replaces all exceptions, by names
 * such as `GET /api/v2/team`.
 */
export interface RateLimitChange {
  readonly api?: GivenLimit;
  readonly paging?: GivenLimit;
  readonly everyEndpoint?: GivenLimit | null;
  readonly endpoints?: Readonly<Record<string, GivenLimit>>;
}

/** The limits of an org. A call counts against the limit of its endpoint if there is one, else against that of its host. */
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

  /** Returns the limit against which a call counts; `endpoint` is undefined for an unknown path. */
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
