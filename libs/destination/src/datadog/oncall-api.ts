import { inspect } from 'node:util';
import type {
  ApplicationKey,
  CurrentUser,
  Destination,
  DestinationOptions,
  PageRequest,
  ReadPage,
  TeamList,
  TeamQuery,
} from '../destination.ts';
import type { Result } from '../result.ts';
import { applicationKeysIn } from './application-key.ts';
import { type Call, Caller } from './caller.ts';
import { currentUserIn } from './current-user.ts';
import { listIn } from './json.ts';
import { hasRoutingRules } from './on-call.ts';
import { createdPage, pageBody } from './page-request.ts';
import { readPageIn, readPagesIn } from './read-pages.ts';
import { teamListIn } from './team-list.ts';

const listBytes = 8 * 1024 * 1024;
const pagesBytes = 4 * 1024 * 1024;
const keysPerPage = 100;
const maxKeyPages = 10;

/** A destination behind Datadog's On-Call API: creates and resolves go to the paging host of the data center, all other calls to its API host. */
export class OncallApi implements Destination {
  readonly #api: Caller;
  readonly #paging: Caller;
  readonly #name: string;

  constructor(options: DestinationOptions) {
    const { dataCenter, credential, timeoutMs = 10_000, signal, userAgent = 'pagebridge' } = options;
    const shared = { credential, timeoutMs, signal, userAgent };
    this.#api = new Caller({ origin: dataCenter.apiUrl, ...shared });
    this.#paging = new Caller({ origin: dataCenter.pagingUrl, ...shared });
    this.#name = `OncallApi(${dataCenter.name})`;
  }

  validateApiKey(): Promise<Result<true>> {
    const call: Call = { path: ['api', 'v1', 'validate'], apiKeyOnly: true };
    return this.#api.call(call, ({ valid }) => valid === true || undefined, 'it does not say `valid`');
  }

  validateKeys(): Promise<Result<true>> {
    const call: Call = { path: ['api', 'v2', 'validate_keys'] };
    return this.#api.call(call, ({ status }) => status === 'ok' || undefined, 'its `status` is not ok');
  }

  currentUser(): Promise<Result<CurrentUser>> {
    const call: Call = { path: ['api', 'v2', 'current_user'] };
    return this.#api.call(call, currentUserIn, 'it names no user');
  }

  async applicationKeys(): Promise<Result<readonly ApplicationKey[]>> {
    const keys: ApplicationKey[] = [];
    for (let page = 0; ; page += 1) {
      const answer = await this.#applicationKeyPage(page);
      if (!answer.ok) return answer;
      keys.push(...answer.value);
      if (answer.value.length < keysPerPage || page + 1 === maxKeyPages) return { ...answer, value: keys };
    }
  }

  #applicationKeyPage(page: number): Promise<Result<readonly ApplicationKey[]>> {
    const query = { 'page[size]': keysPerPage, 'page[number]': page };
    const call: Call = { path: ['api', 'v2', 'current_user', 'application_keys'], query, maxBodyBytes: listBytes };
    return this.#api.call(call, applicationKeysIn, 'it lists no keys');
  }

  readUsers(): Promise<Result<true>> {
    const call: Call = { path: ['api', 'v2', 'users'], query: { 'page[size]': 1 }, maxBodyBytes: listBytes };
    return this.#api.call(call, ({ data }) => listIn(data) && true, 'it lists no users');
  }

  teams(page: TeamQuery): Promise<Result<TeamList>> {
    const { pageNumber, pageSize, keyword } = page;
    // Without `sort` the order may differ from page to page, so that reading all pages would skip teams.
    const all = { 'page[number]': pageNumber, 'page[size]': pageSize, sort: 'name' };
    const query = keyword === undefined ? all : { ...all, 'filter[keyword]': keyword };
    const call: Call = { path: ['api', 'v2', 'team'], query };
    return this.#api.call(call, (body) => teamListIn(body, page), 'it lists no teams');
  }

  async isOnCall(teamId: string): Promise<Result<boolean>> {
    const call: Call = { path: ['api', 'v2', 'on-call', 'teams', teamId, 'routing-rules'] };
    const result = await this.#api.call(call, hasRoutingRules, 'it names no team');
    if (result.ok || result.failure.cause !== 'not-found') return result;
    // For a team that was never set up for On-Call the destination may answer 404 instead of an empty list.
    const { failure: _notFound, ...rest } = result;
    return { ...rest, ok: true, value: false };
  }

  createPage(page: PageRequest): Promise<Result<{ readonly id: string }>> {
    const call: Call = { method: 'POST', path: ['api', 'v2', 'on-call', 'pages'], body: pageBody(page) };
    return this.#paging.call(call, createdPage, 'it names no page');
  }

  resolvePage(id: string): Promise<Result<void>> {
    return this.#paging.accept(['api', 'v2', 'on-call', 'pages', id, 'resolve']);
  }

  listPages(part: number, size: number): Promise<Result<readonly ReadPage[]>> {
    const query = { 'page[size]': size, 'page[number]': part, sort: '-modified_at' };
    const call: Call = { path: ['api', 'v2', 'on-call', 'pages'], query, maxBodyBytes: pagesBytes };
    return this.#api.call(call, readPagesIn, 'it lists no pages');
  }

  getPage(id: string): Promise<Result<ReadPage>> {
    const call: Call = { path: ['api', 'v2', 'on-call', 'pages', id] };
    return this.#api.call(call, readPageIn, 'it names no page');
  }

  toString(): string {
    return this.#name;
  }

  [inspect.custom](): string {
    return this.#name;
  }
}
