import { orgIdPattern } from '@pagebridge/vocabulary';
import { type Static, Type } from 'typebox';
import { longestName } from '../identity.ts';
import { type Role, roles } from '../permissions.ts';

/** Signatures by a key that the issuer alone has. HMAC is not among them: whoever can check one can make one. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const word = Type.String({ minLength: 1, maxLength: 512 });
const url = Type.String({ minLength: 1, maxLength: 1024 });

const trustedIssuer = Type.Object(
  {
    // Both stand in the audit, as `<issuer>#<subject>`.
    issuer: Type.String({ minLength: 1, maxLength: longestName }),
    audience: word,
    jwksUri: Type.Optional(url),
    algorithms: Type.Array(Type.Unsafe<string>({ type: 'string', enum: algorithms }), {
      default: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      minItems: 1,
    }),
    types: Type.Array(word, { default: ['at+jwt'], minItems: 1, maxItems: 10 }),
  },
  { additionalProperties: false },
);

const rule = Type.Object(
  {
    issuer: Type.Optional(url),
    claim: word,
    value: word,
    role: Type.Unsafe<Role>({ type: 'string', enum: Object.keys(roles) }),
    sourceOrg: Type.Optional(Type.String({ pattern: orgIdPattern })),
    onBehalf: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

/** How a policy stands in its file. */
export const policyDocument = Type.Object(
  {
    issuers: Type.Array(trustedIssuer, { minItems: 1, maxItems: 20 }),
    rules: Type.Array(rule, { minItems: 1, maxItems: 2000 }),
  },
  { additionalProperties: false },
);
export type PolicyDocument = Static<typeof policyDocument>;

/** An OpenID provider whose access tokens are believed. */
export type TrustedIssuer = Readonly<Static<typeof trustedIssuer>>;

/** A claim with this value gives a role. */
export type Rule = Readonly<Static<typeof rule>> & { readonly issuer: string };

/** The rules for one claim of an issuer, so that a request need not look at each of them. */
export interface ClaimRules {
  readonly claim: string;
  readonly byValue: ReadonlyMap<string, readonly Rule[]>;
  /** Those whose value holds the source org, with what stands before and after it. */
  readonly byOrg: readonly { readonly rule: Rule; readonly before: string; readonly after: string }[];
}

/** Whose tokens are believed, and which of their claims give which role. */
export interface Policy {
  readonly issuers: ReadonlyMap<string, TrustedIssuer>;
  /** By issuer. */
  readonly rules: ReadonlyMap<string, readonly ClaimRules[]>;
}

/** Where the id of a source org stands in the value of a rule. */
export const orgPlace = '{sourceOrg}';
