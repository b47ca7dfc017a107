import type { Connection } from '../domain/connection.ts';
import type { Check } from '../domain/credentials/check.ts';
import type { Counter } from '../domain/limits.ts';
import type { UnfitTopic } from './ports.ts';

/** Why a request is refused: an expected case, in which nothing of the request was stored. */
export type Refusal =
  | { readonly reason: 'not-found'; readonly what: string }
  | { readonly reason: 'unknown-data-center'; readonly dataCenter: string; readonly known: readonly string[] }
  | { readonly reason: 'name-taken'; readonly name: string }
  | { readonly reason: 'slug-taken'; readonly slug: string }
  | { readonly reason: 'destination-taken'; readonly by: Connection }
  | { readonly reason: 'too-many-connections'; readonly most: number }
  | { readonly reason: 'limit-reached'; readonly limit: Counter; readonly retryAfterMs: number }
  | { readonly reason: 'connection-disabled' | 'connection-deleting'; readonly name: string }
  | { readonly reason: 'own-backup' | 'unknown-backup'; readonly connectionId: string }
  | { readonly reason: 'is-backup'; readonly of: readonly string[] }
  | { readonly reason: 'alert-topic-both-first'; readonly readyAt: Date | undefined }
  | ({ readonly reason: 'alert-topic-unfit' } & UnfitTopic)
  | { readonly reason: 'permission-not-held'; readonly permission: string }
  | { readonly reason: 'expiry-out-of-range'; readonly latest: Date }
  | { readonly reason: 'too-many-tokens' | 'too-many-kept-tokens'; readonly most: number }
  | { readonly reason: 'tokens-off' }
  | { readonly reason: 'if-match-missing' | 'if-match-malformed' | 'if-match-stale'; readonly entityTag: string }
  | { readonly reason: 'seal-unfit'; readonly field: 'sealed' | 'former'; readonly detail: string }
  | { readonly reason: 'credential-refused'; readonly checks: readonly Check[] }
  | { readonly reason: 'other-credential'; readonly apiKeyLast4: string; readonly applicationKeyLast4: string }
  | {
      readonly reason: 'destination-unavailable';
      readonly cause: 'unreachable' | 'bad-answer';
      readonly detail: string;
      readonly checks: readonly Check[];
      readonly retryAfterMs: number;
    };

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

/** Returns the value, or the refusal `not-found` if there is none. */
export const found = <T>(it: T | undefined, what: string): Outcome<T> =>
  it === undefined ? refused({ reason: 'not-found', what }) : carriedOut(it);

export const carriedOut = <T>(value: T): Outcome<T> => ({ ok: true, value });
export const refused = (refusal: Refusal): { readonly ok: false; readonly refusal: Refusal } => ({
  ok: false,
  refusal,
});
