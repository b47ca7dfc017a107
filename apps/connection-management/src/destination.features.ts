import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { requiredPermissions } from '@pagebridge/vocabulary';

export interface Account {
  apiKey: string;
  applicationKey: string;
  serviceAccount: boolean;
  disabled: boolean;
  org: { id: string; name: string };
  permissions: string[];
}

/** A destination that speaks the few calls a check makes, over real HTTP. */
export class FakeDestination {
  readonly accounts: Account[] = [];
  /** Path prefixes that answer 503. */
  readonly broken = new Set<string>();
  /** How many more times the API key is refused although it is good, as just after its creation. */
  notYetKnown = 0;
  readonly calls: string[] = [];
  private readonly server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    this.calls.push(path);
    this.answer(path, request.headers['dd-api-key'], request.headers['dd-application-key'], response);
  });

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Adds a service account that may do everything; name what differs. */
  add(its: Partial<Account> & Pick<Account, 'apiKey' | 'applicationKey'>): Account {
    const account = {
      serviceAccount: true,
      disabled: false,
      org: { id: 'org-globex', name: 'Globex' },
      permissions: requiredPermissions.map(({ name }) => name as string),
      ...its,
    };
    this.accounts.push(account);
    return account;
  }

  private answer(path: string, apiKey: unknown, applicationKey: unknown, response: ServerResponse): void {
    const send = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if ([...this.broken].some((prefix) => path.startsWith(prefix))) return void send(503, { errors: ['upstream'] });
    const forbidden = { errors: ['Forbidden'] };
    if (path === '/api/v1/validate') {
      if (this.notYetKnown > 0) {
        this.notYetKnown -= 1;
        return void send(403, forbidden);
      }
      const known = this.accounts.some((account) => account.apiKey === apiKey);
      return void send(known ? 200 : 403, known ? { valid: true } : forbidden);
    }
    const account = this.accounts.find((it) => it.apiKey === apiKey && it.applicationKey === applicationKey);
    if (!account) return void send(403, forbidden);
    const needed = needs[path.startsWith('/api/v2/on-call') ? '/api/v2/on-call' : path];
    if (needed && !account.permissions.includes(needed)) {
      return void send(403, { errors: ['Forbidden', 'Failed permission authorization checks'] });
    }
    send(200, bodyOf(path, account));
  }
}

const needs: Readonly<Record<string, string>> = {
  '/api/v2/current_user/application_keys': 'user_app_keys',
  '/api/v2/users': 'user_access_read',
  '/api/v2/team': 'teams_read',
  '/api/v2/on-call': 'on_call_read',
};

function bodyOf(path: string, account: Account): object {
  if (path === '/api/v2/validate_keys') return { status: 'ok' };
  if (path === '/api/v2/current_user') return userBody(account);
  if (path === '/api/v2/current_user/application_keys') {
    const last4 = account.applicationKey.slice(-4);
    return { data: [{ id: 'k1', type: 'application_keys', attributes: { name: 'k', last4, scopes: null } }] };
  }
  if (path === '/api/v2/users') return { data: [] };
  if (path === '/api/v2/team') {
    return { data: [{ id: 'team-1', type: 'team', attributes: { handle: 'core-infra', name: 'Core Infra' } }] };
  }
  return { data: { id: 'team-1', type: 'team_routing_rules', relationships: { rules: { data: [] } } } };
}

const userBody = ({ serviceAccount, disabled, org, permissions }: Account) => ({
  data: {
    type: 'users',
    id: 'u1',
    attributes: { name: 'svc', handle: 'h', service_account: serviceAccount, disabled },
  },
  included: [
    { type: 'orgs', id: org.id, attributes: { name: org.name } },
    ...permissions.map((name) => ({ type: 'permissions', id: name, attributes: { name } })),
  ],
});
