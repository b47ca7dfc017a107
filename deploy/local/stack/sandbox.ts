import { call } from './call.ts';

/** A page as the control API of the sandbox returns it. */
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

/** A fault switch of the control API of apps/oncall-sandbox. */
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

/** A client of the control API of a destination: its pages and its faults. */
export class Sandbox {
  readonly #url: string;

  constructor(controlUrl: string) {
    this.#url = controlUrl;
  }

  /** Returns the pages in order of creation. */
  pages(): Promise<SandboxPage[]> {
    return this.#ask<SandboxPage[]>('GET', '/pages');
  }

  /** Adds a page that existed before the sandbox started. */
  remember(page: Pick<SandboxPage, 'id' | 'title' | 'urgency' | 'tags'> & { readonly team: string }): Promise<unknown> {
    return this.#ask('POST', '/pages', page);
  }

  /** Returns the recorded calls, newest last. */
  async requests(): Promise<{ method: string; path: string; status: number }[]> {
    const { requests } = await this.#ask<{ requests: { method: string; path: string; status: number }[] }>(
      'GET',
      '/requests',
    );
    return requests;
  }

  /** Creates an application key of a service account that has every required permission but one. */
  async keyWithout(permission: string): Promise<string> {
    const roles = await this.#ask<{ name: string; permissions: string[] }[]>('GET', '/roles');
    const full = roles.find(({ name }) => name === 'cross-org-paging')?.permissions ?? [];
    const name = `without-${permission}-${Date.now().toString(36)}`;
    await this.#ask('POST', '/roles', { name, permissions: full.filter((held) => held !== permission) });
    const { key } = await this.#ask<{ key: string }>('POST', '/application-keys', { name, roles: [name] });
    return key;
  }

  /** Replaces the active faults. */
  switchOn(...faults: readonly FaultSwitch[]): Promise<unknown> {
    return this.#ask('PUT', '/faults', faults);
  }

  /** Returns the active faults with their hits. */
  faults(): Promise<{ hits: number }[]> {
    return this.#ask('GET', '/faults');
  }

  /** Answers every page with this status until `recover`. */
  answerPagesWith(status: number): Promise<unknown> {
    const fault = { kind: 'error', status, body: 'string-array' } as const;
    return this.switchOn({ match: { listener: 'paging' }, fault });
  }

  /** Clears all faults. */
  recover(): Promise<unknown> {
    return this.#ask('DELETE', '/faults');
  }

  /** Acts on a page as one of its responders. */
  respond(id: string, action: 'acknowledge' | 'resolve'): Promise<SandboxPage> {
    return this.#ask('POST', `/pages/${id}/${action}`);
  }

  /** Grants or revokes a permission of a role. */
  permit(role: string, permission: string, allowed: boolean): Promise<unknown> {
    return this.#ask(allowed ? 'PUT' : 'DELETE', `/roles/${role}/permissions/${permission}`);
  }

  async #ask<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const answer = await call<Body>(method, this.#url + path, body);
    if (answer.status >= 400) throw new Error(`${method} ${path} of the sandbox: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}
