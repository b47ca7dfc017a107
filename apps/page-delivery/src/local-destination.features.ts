import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the destination does with a call instead of answering well. */
export type Mood =
  | {
      readonly kind: 'answers';
      readonly status: number;
      readonly body?: string;
      readonly headers?: Record<string, string>;
    }
  /** The page is made, and the reply never arrives. */
  | { readonly kind: 'cuts' }
  /** The page is made, and the reply sent, when the promise says so. */
  | { readonly kind: 'waits'; readonly for: Promise<void> }
  /** Nothing is made and nothing said until the mood changes. */
  | { readonly kind: 'hangs' };

export interface DestinationPage {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly urgency: string;
  readonly teamId: string;
  resolved: boolean;
}

/** A destination org on loopback, with the paging calls and `current_user`. */
export class LocalDestination {
  readonly pages: DestinationPage[] = [];
  /** Create calls, also those that made no page. */
  creates = 0;
  mood: Mood | undefined;
  /** Moods of single teams. */
  readonly moods = new Map<string, Mood>();
  /** What it allows, as its answers tell. */
  limit: { readonly calls: number; readonly periodMs: number } | undefined;
  refusedByLimit = 0;
  private readonly counted = { period: -1, calls: 0 };
  permissions = ['on_call_read', 'on_call_page', 'on_call_respond', 'user_access_read', 'teams_read'];
  readonly keys = new Set<string>();
  private readonly server: Server = createServer((request, response) => void this.handle(request, response));
  private readonly hanging = new Set<ServerResponse>();

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /** Ends what hangs, with nothing said. */
  letGo(): void {
    for (const response of this.hanging) response.destroy();
    this.hanging.clear();
  }

  pagesOf(pageId: string): DestinationPage[] {
    return this.pages.filter(({ tags }) => tags.includes(`page-id:${pageId}`));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = request.url ?? '';
    if (!this.keys.has(String(request.headers['dd-application-key']))) return say(response, 403, forbidden);
    if (path === '/api/v2/current_user') return say(response, 200, userWith(this.permissions));
    const resolve = /^\/api\/v2\/on-call\/pages\/([^/]+)\/resolve$/.exec(path);
    if (resolve) return this.resolve(resolve[1] as string, response);
    if (path === '/api/v2/on-call/pages') return await this.create(Buffer.concat(chunks).toString(), response);
    say(response, 404, '{"errors":["Not found"]}');
  }

  /** Counts a call by the calendar, as destinations do; false where none is left. */
  private count(response: ServerResponse): boolean {
    if (!this.limit) return true;
    const { calls, periodMs } = this.limit;
    const now = Date.now();
    const period = Math.floor(now / periodMs);
    if (period !== this.counted.period) Object.assign(this.counted, { period, calls: 0 });
    this.counted.calls += 1;
    response.setHeader('x-ratelimit-limit', calls);
    response.setHeader('x-ratelimit-period', periodMs / 1000);
    response.setHeader('x-ratelimit-remaining', Math.max(0, calls - this.counted.calls));
    response.setHeader('x-ratelimit-reset', Math.ceil(((period + 1) * periodMs - now) / 1000));
    response.setHeader('x-ratelimit-name', 'paging');
    return this.counted.calls <= calls;
  }

  private async create(body: string, response: ServerResponse): Promise<void> {
    if (!this.count(response)) {
      this.refusedByLimit += 1;
      say(response, 429, '{"errors":["Too many requests"]}');
      return;
    }
    this.creates += 1;
    const { title, description, tags, urgency, target } = JSON.parse(body).data.attributes;
    const mood = this.moods.get(target.identifier) ?? this.mood;
    if (mood?.kind === 'waits') await mood.for;
    if (mood?.kind === 'answers') say(response, mood.status, mood.body ?? '', mood.headers);
    else if (mood?.kind === 'hangs') this.hanging.add(response);
    else if (!this.permissions.includes('on_call_page')) say(response, 403, notPermitted);
    else {
      const id = `d-${this.pages.length}`;
      this.pages.push({ id, title, description, tags, urgency, teamId: target.identifier, resolved: false });
      if (mood?.kind === 'cuts') response.destroy();
      else say(response, 200, JSON.stringify({ data: { id, type: 'pages' } }));
    }
  }

  private resolve(id: string, response: ServerResponse): void {
    const page = this.pages.find((known) => known.id === id);
    if (page) page.resolved = true;
    say(response, page ? 202 : 404, page ? '' : '{"errors":["Not found"]}');
  }
}

const forbidden = '{"errors":["Forbidden"]}';
const notPermitted = '{"errors":["Forbidden","Failed permission authorization checks"]}';

function say(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body);
}

const userWith = (permissions: readonly string[]): string =>
  JSON.stringify({
    data: { id: 'u', type: 'users', attributes: { service_account: true, disabled: false } },
    included: permissions.map((name) => ({ type: 'permissions', id: name, attributes: { name } })),
  });
