import type { Credential } from '@pagebridge/sealed-credentials';
import type { DataCenter, Urgency } from '@pagebridge/vocabulary';
import type { Result } from './result.ts';

/**
 * One credential's calls to one destination org.
 *
 * Guarantee: no method throws or rejects, retries, follows a redirect, or shows the credential to anyone but the host.
 */
export interface Destination {
  /** Is the API key good in this data center? Sends no application key. */
  validateApiKey(): Promise<Result<void>>;
  /** Do the two keys belong together and work? */
  validateKeys(): Promise<Result<void>>;
  /** Whose application key is it, and what do its roles allow? Needs no permission. */
  currentUser(): Promise<Result<CurrentUser>>;
  /** The owner's application keys, at most 1,000. Needs `user_app_keys`. */
  applicationKeys(): Promise<Result<readonly ApplicationKey[]>>;
  /** Reads a user: that it can shows that the key holds `user_access_read`. */
  readUsers(): Promise<Result<void>>;
  /** A page of all teams, on call or not, in order of their names. Needs `teams_read`. */
  teams(query: TeamQuery): Promise<Result<TeamList>>;
  /** Can the team be paged? Needs `on_call_read`. */
  isOnCall(teamId: string): Promise<Result<boolean>>;
  /** Pages a team. Not idempotent: after a failure with `sent`, another call may page twice. Needs `on_call_page`. */
  createPage(page: PageRequest): Promise<Result<{ readonly id: string }>>;
  /** Ends the page. Accepted, not done: the destination acts later. Needs `on_call_respond`. */
  resolvePage(id: string): Promise<Result<void>>;
}

/**
 * `timeoutMs` is the deadline of each call as a whole, default 10,000; `signal` is that of all calls together: once it is
 * aborted, the calls under way end as a timeout, and later ones send nothing.
 */
export interface DestinationOptions {
  readonly dataCenter: DataCenter;
  readonly credential: Credential;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly userAgent?: string;
}

/** The user an application key belongs to, with the permissions of its roles (a scoped key may hold fewer). */
export interface CurrentUser {
  /** Of one service account for all its keys: what one of them may see, all may see. */
  readonly id: string;
  readonly serviceAccount: boolean;
  readonly disabled: boolean;
  readonly org: { readonly id: string; readonly name: string };
  readonly permissions: readonly string[];
}

/** An application key as its owner may list it; `scopes` null means unscoped, an empty list that nothing is allowed. */
export interface ApplicationKey {
  readonly id: string;
  readonly name: string;
  readonly last4: string;
  readonly scopes: readonly string[] | null;
}

/** A team of the destination org, on call or not; its handle can change, its id does not. */
export interface Team {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
}

/**
 * `pageNumber` from 0, `pageSize` at most 100.
 *
 * `keyword` asks only for teams with these characters anywhere in name, handle or a member's e-mail address: compare the
 * handle yourself.
 */
export interface TeamQuery {
  readonly pageNumber: number;
  readonly pageSize: number;
  readonly keyword?: string;
}

/**
 * One page of the team list. Ask on until `last`: the destination names a next page even past the end.
 *
 * `unreadable` counts entries without an id or a handle, and those past the page size; `total` is absent where the answer does not say.
 */
export interface TeamList {
  readonly teams: readonly Team[];
  readonly unreadable: number;
  readonly total?: number;
  readonly last: boolean;
}

/** A page to create; `teamHandle` is bare (`core-infra`), without `@oncall-`; tags are `key:value`. */
export type PageRequest = {
  readonly title: string;
  readonly urgency: Urgency;
  readonly description?: string;
  readonly tags?: readonly string[];
} & ({ readonly teamHandle: string } | { readonly teamId: string });
