/** `unknown`: the destination did not tell; `skipped`: not asked, because an earlier check failed. */
export const checkResults = ['passed', 'failed', 'unknown', 'skipped'] as const;
export type CheckResult = (typeof checkResults)[number];

/** One checked property of a credential, and the cure if it does not hold. */
export interface Check {
  readonly name: string;
  readonly result: CheckResult;
  readonly detail: string;
  readonly cure?: string;
  /** The missing permission that is the cause, if known. */
  readonly missingPermission?: string;
}

/** The answer of the destination to one question. `refused` is a 401 or 403; `unavailable` means that nothing is known. */
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
  /** Permissions held through roles; undefined if the destination did not list them. */
  readonly permissions: readonly string[] | undefined;
  readonly org: { readonly id: string; readonly name: string };
}

/** What was learnt about a key pair, in the order of the questions. */
export interface CredentialFacts {
  /** Access tokens (`ddpat_`, `ddsat_`) are not application keys: they are refused without asking the destination. */
  readonly applicationKeyKind: 'application-key' | 'personal-access-token' | 'service-access-token';
  readonly applicationKeyLast4: string;
  readonly apiKey: Answer<boolean>;
  readonly keyPair: Answer<boolean>;
  readonly user: Answer<DestinationUser>;
  readonly applicationKeys: Answer<readonly { readonly last4: string; readonly scopes: readonly string[] | null }[]>;
  readonly users: Answer<boolean>;
  readonly teams: Answer<readonly string[]>;
  /** Whether the routing rules of any team could be read; not asked if there is no team. */
  readonly routingRules: Answer<boolean>;
}

/** The org and the service account to which a key pair belongs. */
export interface KeyOwner {
  readonly destinationOrg: { readonly id: string; readonly name: string };
  /** Empty if the destination does not name it. */
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
