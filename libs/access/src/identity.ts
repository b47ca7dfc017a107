import type { Permission } from './permissions.ts';

/** What an identity may do in one source org, or in all of them. */
export interface Grant {
  /** A source org's id, or `*` for every one. */
  readonly sourceOrg: string;
  readonly permissions: ReadonlySet<Permission>;
}

/** The most characters of an issuer, and of a subject: a longer one is refused, since the audit could not hold it. */
export const longestName = 256;

/** Who asks. Issuer and subject together are unique and never change; a name is for people alone. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  readonly grants: readonly Grant[];
}

/** The issuer of what Pagebridge makes itself: API tokens. */
export const ownIssuer = 'urn:pagebridge';

/** How an identity stands in the audit. */
export const actorOf = ({ issuer, subject }: Pick<Identity, 'issuer' | 'subject'>): string => `${issuer}#${subject}`;
