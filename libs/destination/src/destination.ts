import type { Credential } from '@pagebridge/sealed-credentials';
import type { DataCenter, Urgency } from '@pagebridge/vocabulary';
import type { Result } from './result.ts';

/**
 * The calls to one destination org with one credential.
 *
 * No method throws, rejects, retries, follows a redirect, or sends the credential to another host.
 */
export interface Destination {
  /** Checks that the API key is valid in this data center. Sends no application key. */
  validateApiKey(): Promise<Result<true>>;
  /** Checks that both keys are valid and belong together. */
  validateKeys(): Promise<Result<true>>;
  /** Returns the owner of the application key, with the permissions of its roles. Needs no permission. */
  currentUser(): Promise<Result<CurrentUser>>;
  /** Returns the owner's application keys, at most 1,000. Needs `user_app_keys`. */
  applicationKeys(): Promise<Result<readonly ApplicationKey[]>>;
  /** Lists one user, which succeeds only if the key holds `user_access_read`. */
  readUsers(): Promise<Result<true>>;
  /** Returns a page of the list of all teams, on call or not, sorted by name. Needs `teams_read`. */
  teams(query: TeamQuery): Promise<Result<TeamList>>;
  /** Returns whether the team can be paged. Needs `on_call_read`. */
  isOnCall(teamId: string): Promise<Result<boolean>>;
  /** Creates a page. Not idempotent: after a failure with `sent`, another call may page twice. Needs `on_call_page`. */
  createPage(page: PageRequest): Promise<Result<{ readonly id: string }>>;
  /** Resolves a page. The destination accepts the request and resolves the page later. Needs `on_call_respond`. */
  resolvePage(id: string): Promise<Result<void>>;
  /**
   * Lists a part of the pages of all teams, the latest modified ones first, without items that have no id: fetch further parts
   * until one is empty. Absent if the vendor has no such list. Needs `on_call_read`.
   *
   * `part` counts from 0; `size` is at most 1,000, but an answer over 4 MiB is refused: use at most 100. A page that is modified
   * between two calls moves to the front of the list, so that a later part may repeat other pages.
   */
  listPages?(part: number, size: number): Promise<Result<readonly ReadPage[]>>;
  /** Returns one page. Absent if the vendor cannot read pages. Needs `on_call_read`. */
  getPage?(id: string): Promise<Result<ReadPage>>;
}

/**
 * `timeoutMs` is the deadline of each call, default 10,000. `signal` is a deadline for all calls together: after its abort,
 * calls in flight fail with a timeout, and later calls send nothing.
 */
export interface DestinationOptions {
  readonly dataCenter: DataCenter;
  readonly credential: Credential;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly userAgent?: string;
}

/** The owner of an application key, with the permissions of its roles (a scoped key may have fewer). */
export interface CurrentUser {
  /** The id of the service account, equal for all its keys, which all see the same teams. */
  readonly id: string;
  readonly serviceAccount: boolean;
  readonly disabled: boolean;
  readonly org: { readonly id: string; readonly name: string };
  readonly permissions: readonly string[];
}

/** An application key in the list of its owner. `scopes`: null means unscoped, an empty list means that nothing is allowed. */
export interface ApplicationKey {
  readonly id: string;
  readonly name: string;
  readonly last4: string;
  readonly scopes: readonly string[] | null;
}

/** A team of the destination org, on call or not. Its handle can change, its id cannot. */
export interface Team {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
}

/**
 * `pageNumber` from 0, `pageSize` at most 100.
 *
 * `keyword` selects teams with this text anywhere in name, handle or a member's e-mail address; the caller must compare the
 * handle itself.
 */
export interface TeamQuery {
  readonly pageNumber: number;
  readonly pageSize: number;
  readonly keyword?: string;
}

/**
 * One page of the team list. Fetch further pages until `last` is true: the destination names a next page even past the end.
 *
 * `unreadable` counts entries without an id or handle, and entries beyond the page size. `total` is absent if the answer omits it.
 */
export interface TeamList {
  readonly teams: readonly Team[];
  readonly unreadable: number;
  readonly total?: number;
  readonly last: boolean;
}

/** A page to create, for a team by its id, since its handle can change; tags have the form `key:value`. */
export interface PageRequest {
  readonly teamId: string;
  readonly title: string;
  readonly urgency: Urgency;
  readonly description?: string;
  readonly tags?: readonly string[];
}

/**
 * A page as the destination stores it. Times are in milliseconds since 1970, absent if the answer has none that can be parsed.
 *
 * `acknowledgedAt` is the first acknowledgement. A status that this library does not know is `unknown`.
 */
export interface ReadPage {
  readonly id: string;
  readonly status: 'triggered' | 'acknowledged' | 'closed' | 'unknown';
  readonly modifiedAt?: number;
  readonly acknowledgedAt?: number;
  readonly closedAt?: number;
}
