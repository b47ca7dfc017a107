import { call } from './call.ts';

/** A page as the destination's control API shows it. */
export interface SandboxPage {
  readonly id: string;
  readonly title: string;
  readonly description: string | null;
  readonly urgency: 'low' | 'high';
  readonly tags: readonly string[];
  readonly team: { readonly id: string; readonly handle: string } | null;
  readonly status: 'triggered' | 'acknowledged' | 'resolved';
  /** RFC 3339. */
  readonly createdAt: string;
  readonly resolvedAt: string | null;
}

/** A switch that makes calls go wrong; see the control API of apps/oncall-sandbox. */
export interface FaultSwitch {
  readonly match?: {
    readonly method?: string;
    readonly path?: string;
    readonly listener?: 'api' | 'paging';
    readonly body?: string;
  };
  readonly times?: number;
  readonly fault: { readonly kind: string } & Readonly<Record<string, unknown>>;
}

/** The destination's own side, through its control API: its pages, and what can be made to go wrong. */
export class Sandbox {
  readonly #url: string;

  constructor(controlUrl: string) {
    this.#url = controlUrl;
  }

  /** In order of creation. */
  pages(): Promise<SandboxPage[]> {
    return this.#ask<SandboxPage[]>('GET', '/pages');
  }

  /** A page that it had before it began. */
  remember(page: Pick<SandboxPage, 'id' | 'title' | 'urgency' | 'tags'> & { readonly team: string }): Promise<unknown> {
    return this.#ask('POST', '/pages', page);
  }

  /** Calls that came in, newest last, as far as they are kept. */
  async requests(): Promise<{ method: string; path: string; status: number }[]> {
    const { requests } = await this.#ask<{ requests: { method: string; path: string; status: number }[] }>(
      'GET',
      '/requests',
    );
    return requests;
  }

  /** A new application key of a service account that has all it must have but one permission. */
  async keyWithout(permission: string): Promise<string> {
    const roles = await this.#ask<{ name: string; permissions: string[] }[]>('GET', '/roles');
    const full = roles.find(({ name }) => name === 'cross-org-paging')?.permissions ?? [];
    const name = `without-${permission}-${Date.now().toString(36)}`;
    await this.#ask('POST', '/roles', { name, permissions: full.filter((held) => held !== permission) });
    const { key } = await this.#ask<{ key: string }>('POST', '/application-keys', { name, roles: [name] });
    return key;
  }

  /** Makes calls go wrong, instead of what was switched on before. */
  switchOn(...faults: readonly FaultSwitch[]): Promise<unknown> {
    return this.#ask('PUT', '/faults', faults);
  }

  /** What is switched on, and how often it struck. */
  faults(): Promise<{ hits: number }[]> {
    return this.#ask('GET', '/faults');
  }

  /** Answers every page with this status until `recover`. */
  answerPagesWith(status: number, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const fault = { kind: 'error', status, body: 'string-array', headers } as const;
    return this.switchOn({ match: { listener: 'paging' }, fault });
  }

  /** Switches every fault off. */
  recover(): Promise<unknown> {
    return this.#ask('DELETE', '/faults');
  }

  /** Gives a role a permission or takes it away. */
  permit(role: string, permission: string, allowed: boolean): Promise<unknown> {
    return this.#ask(allowed ? 'PUT' : 'DELETE', `/roles/${role}/permissions/${permission}`);
  }

  async #ask<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const answer = await call<Body>(method, this.#url + path, body);
    if (answer.status >= 400) throw new Error(`${method} ${path} of the sandbox: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}
