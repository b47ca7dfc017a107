/** `unknown`: the destination would not say; `skipped`: not asked, because an earlier check failed. */
export const checkResults = ['passed', 'failed', 'unknown', 'skipped'] as const;
export type CheckResult = (typeof checkResults)[number];

/** One thing that was checked about a credential, and what to do where it does not hold. */
export interface Check {
  readonly name: string;
  readonly result: CheckResult;
  readonly detail: string;
  readonly cure?: string;
  /** The permission whose lack is the reason, where that is known. */
  readonly missingPermission?: string;
}

/** What the destination said to one question. `refused` is 401 or 403, `unavailable` means that nothing is known. */
export type Answer<T> =
  | { readonly kind: 'answered'; readonly value: T }
  | { readonly kind: 'refused'; readonly detail: string }
  | {
      readonly kind: 'unavailable';
      readonly cause: 'unreachable' | 'bad-answer';
      readonly detail: string;
      readonly retryAfterMs?: number;
    }
  | { readonly kind: 'not-asked' };

export interface DestinationUser {
  readonly id: string;
  readonly serviceAccount: boolean;
  readonly disabled: boolean;
  /** Names held through roles; undefined when the destination did not list them. */
  readonly permissions: readonly string[] | undefined;
  readonly org: { readonly id: string; readonly name: string };
}

/** What was learnt about a pair of keys, in the order in which it is asked. */
export interface CredentialFacts {
  /** `ddpat_`, `ddsat_`: tokens that are no application keys, refused without asking the destination. */
  readonly applicationKeyKind: 'application-key' | 'personal-access-token' | 'service-access-token';
  readonly applicationKeyLast4: string;
  readonly apiKey: Answer<boolean>;
  readonly keyPair: Answer<boolean>;
  readonly user: Answer<DestinationUser>;
  readonly applicationKeys: Answer<readonly { readonly last4: string; readonly scopes: readonly string[] | null }[]>;
  readonly users: Answer<boolean>;
  readonly teams: Answer<readonly string[]>;
  /** Whether the routing rules of any team could be read; not asked where there is no team. */
  readonly routingRules: Answer<boolean>;
}

/** Whose keys they are. */
export interface KeyOwner {
  readonly destinationOrg: { readonly id: string; readonly name: string };
  /** Empty where the destination does not say. */
  readonly serviceAccountId: string;
}

export type CheckVerdict =
  | ({ readonly kind: 'passed'; readonly checks: readonly Check[] } & KeyOwner)
  | { readonly kind: 'failed'; readonly checks: readonly Check[] }
  | {
      readonly kind: 'unavailable';
      readonly checks: readonly Check[];
      readonly cause: 'unreachable' | 'bad-answer';
      readonly detail: string;
      readonly retryAfterMs?: number;
    };
