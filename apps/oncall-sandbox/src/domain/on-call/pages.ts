export const pageUrgencies = ['low', 'high'];
export const pageTargetTypes = ['team_id', 'team_handle', 'user_id'];

export const pageStatuses = ['triggered', 'acknowledged', 'resolved'] as const;
export type PageStatus = (typeof pageStatuses)[number];
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

/** The names of the keys of a call, and the id of the user who owns them. */
export interface PageActor {
  readonly userId: string;
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

/** What a reader learns about a page, as far as it changes. */
export interface PageState {
  readonly page: Page;
  readonly status: PageStatus;
  readonly modifiedAt: Date;
  readonly acknowledgedAt: Date | null;
  readonly closedAt: Date | null;
  readonly closedBy: PageActor | null;
}

/** Returns the state of a page at an instant; undefined before its creation. */
export function stateAt(page: Page, instant: Date): PageState | undefined {
  const changes = page.history.filter(({ at, changed }) => changed && at <= instant);
  const last = changes.at(-1);
  if (!last) return undefined;
  const acknowledgedAt = changes.find(({ action }) => action === 'acknowledge')?.at ?? null;
  const closed = changes.find(({ action }) => action === 'resolve');
  return {
    page,
    status: closed ? 'resolved' : acknowledgedAt ? 'acknowledged' : 'triggered',
    modifiedAt: last.at,
    acknowledgedAt,
    closedAt: closed?.at ?? null,
    closedBy: closed?.by ?? null,
  };
}

const isPossible = (status: PageStatus, action: PageAction): boolean =>
  action === 'acknowledge' ? status === 'triggered' : status !== 'resolved';
