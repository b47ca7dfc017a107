import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DataCenter } from '@pagebridge/vocabulary';

export interface LocalTeam {
  readonly id: string;
  handle: string;
  name: string;
  rules: number;
  /** Granular access control hides its rules. */
  hidden?: boolean;
  /** So many reads of its rules answer 503 first. */
  broken?: number;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

const forbidden: Answer = { status: 403, body: { errors: ['Forbidden'] } };
const noPermission: Answer = {
  status: 403,
  body: { errors: ['Forbidden', 'Failed permission authorization checks'] },
};

/** A destination org on the loopback: as much of the API as a sync reads, with switches for what can go wrong. */
export class LocalDestination {
  readonly apiKey = randomUUID();
  readonly applicationKey = randomUUID();
  teams: LocalTeam[] = [];
  /** Every call that arrived, as `method path`. */
  readonly calls: string[] = [];
  /** When set, decides about a call before anything else. */
  fault?: (path: string, url: URL) => Answer | undefined;
  readonly permissions = new Set(['teams_read', 'on_call_read']);
  delayMs = 0;
  mostAtOnce = 0;
  private atOnce = 0;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      this.atOnce += 1;
      this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
      const { status, body, headers } = this.answer(request);
      setTimeout(() => {
        this.atOnce -= 1;
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(body === undefined ? '' : JSON.stringify(body));
      }, this.delayMs);
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The data center in which it is the only org. */
  dataCenter(name: string): DataCenter {
    const url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return { name, site: 'localhost', location: 'here', apiUrl: url, pagingUrl: url };
  }

  add(handle: string, its: Partial<LocalTeam> = {}): LocalTeam {
    const team: LocalTeam = { id: randomUUID(), handle, name: handle, rules: 1, ...its };
    this.teams.push(team);
    return team;
  }

  remove(team: LocalTeam): void {
    this.teams = this.teams.filter((other) => other !== team);
  }

  private answer(request: IncomingMessage): Answer {
    const url = new URL(request.url ?? '/', 'http://localhost');
    this.calls.push(`${request.method} ${url.pathname}`);
    const fault = this.fault?.(url.pathname, url);
    if (fault) return fault;
    const { headers } = request;
    if (headers['dd-api-key'] !== this.apiKey || headers['dd-application-key'] !== this.applicationKey)
      return forbidden;
    if (url.pathname === '/api/v2/validate_keys') return { status: 200, body: { status: 'ok' } };
    if (url.pathname === '/api/v2/team') return this.permissions.has('teams_read') ? this.list(url) : noPermission;
    const teamId = /^\/api\/v2\/on-call\/teams\/([^/]+)\/routing-rules$/.exec(url.pathname)?.[1];
    if (!teamId) return { status: 404, body: { errors: ['Not found'] } };
    return this.permissions.has('on_call_read') ? this.rules(teamId) : noPermission;
  }

  private list(url: URL): Answer {
    const size = Math.min(Number(url.searchParams.get('page[size]')), 100);
    const number = Number(url.searchParams.get('page[number]'));
    const data = this.teams.slice(number * size, (number + 1) * size).map(({ id, handle, name }) => ({
      type: 'team',
      id,
      attributes: { handle, name },
    }));
    // A next page is named even past the end, as the real API does.
    const pagination = { type: 'number_size', number, size, next_number: number + 1, total: this.teams.length };
    return { status: 200, body: { data, meta: { pagination } } };
  }

  private rules(teamId: string): Answer {
    const team = this.teams.find((one) => one.id === teamId);
    if (!team) return { status: 404, body: { errors: [{ title: 'Generic Error', detail: 'team not found' }] } };
    if (team.hidden) return forbidden;
    if (team.broken) {
      team.broken -= 1;
      return { status: 503 };
    }
    const data = Array.from({ length: team.rules }, (_, index) => ({ id: `r${index}`, type: 'team_routing_rules' }));
    return {
      status: 200,
      body: { data: { id: teamId, type: 'team_routing_rules', relationships: { rules: { data } } } },
    };
  }
}
