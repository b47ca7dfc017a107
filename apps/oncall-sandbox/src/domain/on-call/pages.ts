export const pageUrgencies = ['low', 'high'];
export const pageTargetTypes = ['team_id', 'team_handle', 'user_id'];

export type PageStatus = 'triggered' | 'acknowledged' | 'resolved';
export type PageAction = 'acknowledge' | 'escalate' | 'resolve';

export interface PageInput {
  readonly title: string;
  readonly description: string | null;
  readonly urgency: string;
  readonly tags: readonly string[];
  readonly target: { readonly type: string; readonly identifier: string };
  /** The paged team, with its handle at that time; null for a page to a user. */
  readonly team: { readonly id: string; readonly handle: string } | null;
}

/** The names of the keys of a call. */
export interface PageActor {
  readonly apiKey: string;
  readonly applicationKey: string;
}

/** `changed` is false if the page was already past the action. */
export interface PageEvent {
  readonly at: Date;
  readonly action: 'create' | PageAction;
  readonly changed: boolean;
  readonly by: PageActor;
}

/** `number` counts the org's pages from 1, in order of creation. */
export interface Page extends PageInput {
  readonly id: string;
  readonly number: number;
  status: PageStatus;
  readonly createdBy: PageActor;
  readonly createdAt: Date;
  acknowledgedAt: Date | null;
  resolvedAt: Date | null;
  readonly history: PageEvent[];
}

// A load test must not fill the memory: the oldest pages are deleted first.
const most = 200_000;

export class Pages {
  readonly #pages = new Map<string, Page>();
  #created = 0;

  create(id: string, input: PageInput, by: PageActor, now: Date): Page {
    this.#created += 1;
    const page: Page = {
      ...input,
      id,
      number: this.#created,
      status: 'triggered',
      createdBy: by,
      createdAt: now,
      acknowledgedAt: null,
      resolvedAt: null,
      history: [{ at: now, action: 'create', changed: true, by }],
    };
    this.#pages.set(id, page);
    if (this.#pages.size > most) this.#forgetOldest();
    return page;
  }

  find(id: string): Page | undefined {
    return this.#pages.get(id);
  }

  /** Returns the pages in order of creation. */
  all(): Page[] {
    return [...this.#pages.values()];
  }

  clear(): void {
    this.#pages.clear();
  }

  #forgetOldest(): void {
    const oldest = this.#pages.keys().next().value;
    if (oldest !== undefined) this.#pages.delete(oldest);
  }
}

/** Changes the status of a page: triggered, acknowledged, resolved, never back. A late action only appears in the history. */
export function act(page: Page, action: PageAction, by: PageActor, now: Date): void {
  const changed = isPossible(page.status, action);
  page.history.push({ at: now, action, changed, by });
  if (!changed) return;
  if (action === 'acknowledge') {
    page.status = 'acknowledged';
    page.acknowledgedAt = now;
  } else if (action === 'resolve') {
    page.status = 'resolved';
    page.resolvedAt = now;
  }
}

const isPossible = (status: PageStatus, action: PageAction): boolean =>
  action === 'acknowledge' ? status === 'triggered' : status !== 'resolved';
