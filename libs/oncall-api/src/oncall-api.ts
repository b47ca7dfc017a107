import { inspect } from 'node:util';
import type { DataCenter } from '@pagebridge/vocabulary';
import { type ApplicationKey, applicationKeysIn } from './application-key.ts';
import { type Call, Caller, type Reader } from './caller.ts';
import { type CurrentUser, currentUserIn } from './current-user.ts';
import type { Json } from './json.ts';
import { createdPage, type PageRequest, pageBody } from './page-request.ts';
import type { Result } from './result.ts';
import { type RoutingRules, routingRulesIn } from './routing-rules.ts';
import { type TeamPage, type TeamQuery, teamPageIn } from './team-page.ts';
import { type User, usersIn } from './user.ts';

/** What a destination org gives out for one source org. */
export interface Credential {
  readonly apiKey: string;
  readonly applicationKey: string;
}

/** `timeoutMs` is the deadline of each call as a whole, default 10,000. */
export interface OncallApiOptions {
  readonly dataCenter: DataCenter;
  readonly credential: Credential;
  readonly timeoutMs?: number;
  readonly userAgent?: string;
}

const listBytes = 8 * 1024 * 1024;
const keysPerPage = 100;
const mostKeyPages = 10;

/**
 * One credential's calls to one destination.
 *
 * Guarantee: no method throws or rejects, retries, follows a redirect, or shows the credential to anyone but the host.
 * Cheap to make: sockets are shared by all instances, see `closePools`.
 */
export class OncallApi {
  readonly #api: Caller;
  readonly #paging: Caller;
  readonly #name: string;

  constructor(options: OncallApiOptions) {
    const { dataCenter, credential, timeoutMs = 10_000, userAgent = 'pagebridge' } = options;
    this.#api = new Caller({ origin: dataCenter.apiUrl, credential, timeoutMs, userAgent });
    this.#paging = new Caller({ origin: dataCenter.pagingUrl, credential, timeoutMs, userAgent });
    this.#name = `OncallApi(${dataCenter.name})`;
  }

  /** Is the API key good in this data center? Sends no application key. */
  validateApiKey(): Promise<Result<void>> {
    const call: Call = { path: ['api', 'v1', 'validate'], apiKeyOnly: true };
    return this.#api.call(call, confirmed('valid', true), 'it does not say `valid`');
  }

  /** Do the two keys belong together and work? */
  validateKeys(): Promise<Result<void>> {
    const call: Call = { path: ['api', 'v2', 'validate_keys'] };
    return this.#api.call(call, confirmed('status', 'ok'), 'its `status` is not ok');
  }

  /** Whose application key is it, and what do its roles allow? Needs no permission. */
  currentUser(): Promise<Result<CurrentUser>> {
    const call: Call = { path: ['api', 'v2', 'current_user'] };
    return this.#api.call(call, wrapped(currentUserIn), 'it names no user');
  }

  /** The owner's application keys, at most 1,000. Needs `user_app_keys`. */
  async applicationKeys(): Promise<Result<readonly ApplicationKey[]>> {
    const keys: ApplicationKey[] = [];
    for (let page = 0; ; page += 1) {
      const answer = await this.#applicationKeyPage(page);
      if (!answer.ok) return answer;
      keys.push(...answer.value);
      if (answer.value.length < keysPerPage || page + 1 === mostKeyPages) return { ...answer, value: keys };
    }
  }

  #applicationKeyPage(page: number): Promise<Result<readonly ApplicationKey[]>> {
    const query = { 'page[size]': keysPerPage, 'page[number]': page };
    const call: Call = { path: ['api', 'v2', 'current_user', 'application_keys'], query, maxBodyBytes: listBytes };
    return this.#api.call(call, wrapped(applicationKeysIn), 'it lists no keys');
  }

  /** The org's first user: reading it shows that the key holds `user_access_read`. */
  users(): Promise<Result<readonly User[]>> {
    const call: Call = { path: ['api', 'v2', 'users'], query: { 'page[size]': 1 }, maxBodyBytes: listBytes };
    return this.#api.call(call, wrapped(usersIn), 'it lists no users');
  }

  /** A page of all teams, on call or not; `pageNumber` from 0, `pageSize` at most 100. Needs `teams_read`. */
  teams(page: TeamQuery): Promise<Result<TeamPage>> {
    const query = { 'page[number]': page.pageNumber, 'page[size]': page.pageSize };
    const call: Call = { path: ['api', 'v2', 'team'], query, maxBodyBytes: listBytes };
    const read = (body: Json) => teamPageIn(body, page);
    return this.#api.call(call, wrapped(read), 'it lists no teams');
  }

  /** A team's routing rules; a failure `not-found`, like no rules, means: not an On-Call team. Needs `on_call_read`. */
  routingRules(teamId: string): Promise<Result<RoutingRules>> {
    const call: Call = { path: ['api', 'v2', 'on-call', 'teams', teamId, 'routing-rules'], maxBodyBytes: listBytes };
    return this.#api.call(call, wrapped(routingRulesIn), 'it names no team');
  }

  /** Pages a team. Not idempotent: after a failure with `sent`, another call may page twice. Needs `on_call_page`. */
  createPage(page: PageRequest): Promise<Result<{ readonly id: string }>> {
    const call: Call = { method: 'POST', path: ['api', 'v2', 'on-call', 'pages'], body: pageBody(page) };
    return this.#paging.call(call, wrapped(createdPage), 'it names no page');
  }

  /** Stops the page's escalation. Accepted, not done: the destination acts later. Needs `on_call_respond`. */
  acknowledgePage(id: string): Promise<Result<void>> {
    return this.#paging.accept(['api', 'v2', 'on-call', 'pages', id, 'acknowledge']);
  }

  /** Ends the page. Accepted, not done: the destination acts later. Needs `on_call_respond`. */
  resolvePage(id: string): Promise<Result<void>> {
    return this.#paging.accept(['api', 'v2', 'on-call', 'pages', id, 'resolve']);
  }

  toString(): string {
    return this.#name;
  }

  [inspect.custom](): string {
    return this.#name;
  }
}

const confirmed =
  (field: string, expected: unknown): Reader<void> =>
  (body) =>
    body[field] === expected ? { value: undefined } : undefined;

const wrapped =
  <T>(read: (body: Json) => T | undefined): Reader<T> =>
  (body) => {
    const value = read(body);
    return value === undefined ? undefined : { value };
  };
