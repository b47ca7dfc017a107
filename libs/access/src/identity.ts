import type { Permission } from './permissions.ts';

/** The permissions of an identity in one source org, or in all of them. */
export interface Grant {
  /** The id of a source org, or `*` for all. */
  readonly sourceOrg: string;
  readonly permissions: ReadonlySet<Permission>;
}

/** The maximum length of an issuer in characters: a policy with a longer one is refused, since the audit could not hold it. */
export const maxNameLength = 256;

/** A caller. Issuer and subject together are unique and never change. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  readonly grants: readonly Grant[];
  /** The integration of an API token that names one, and the token. */
  readonly integration?: { readonly sourceOrg: string; readonly name: string; readonly tokenId: string };
}

/** The issuer of the identities that Pagebridge itself defines: API tokens and `anonymous`. */
export const ownIssuer = 'urn:pagebridge';

/** Returns an identity in the form that the audit uses, `<issuer>#<subject>`. */
export const actorOf = ({ issuer, subject }: Pick<Identity, 'issuer' | 'subject'>): string => `${issuer}#${subject}`;
