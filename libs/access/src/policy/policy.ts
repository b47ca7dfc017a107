import { orgIdPattern } from '@pagebridge/vocabulary';
import { type Static, Type } from 'typebox';
import { maxNameLength } from '../identity.ts';
import { type Role, roles } from '../permissions.ts';

/** The allowed signature algorithms, all asymmetric. With HMAC, every verifier could forge a token. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const word = Type.String({ minLength: 1, maxLength: 512 });
const url = Type.String({ minLength: 1, maxLength: 1024 });

const trustedIssuer = Type.Object(
  {
    // The audit records `<issuer>#<subject>`, which limits the length.
    issuer: Type.String({ minLength: 1, maxLength: maxNameLength }),
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

/** The schema of a policy file. */
export const policyDocument = Type.Object(
  {
    issuers: Type.Array(trustedIssuer, { minItems: 1, maxItems: 20 }),
    rules: Type.Array(rule, { minItems: 1, maxItems: 2000 }),
  },
  { additionalProperties: false },
);
export type PolicyDocument = Static<typeof policyDocument>;

/** An OpenID provider whose access tokens are accepted. */
export type TrustedIssuer = Readonly<Static<typeof trustedIssuer>>;

/** A rule: a claim with this value gives this role. */
export type Rule = Readonly<Static<typeof rule>> & { readonly issuer: string };

/** The rules for one claim of an issuer, indexed so that a request need not check every rule. */
export interface ClaimRules {
  readonly claim: string;
  readonly byValue: ReadonlyMap<string, readonly Rule[]>;
  /** The rules whose value contains `{sourceOrg}`, with the text before and after it. */
  readonly byOrg: readonly { readonly rule: Rule; readonly before: string; readonly after: string }[];
}

/** The trusted issuers, and the rules that map claims to roles. */
export interface Policy {
  readonly issuers: ReadonlyMap<string, TrustedIssuer>;
  readonly rules: ReadonlyMap<string, readonly ClaimRules[]>;
}

/** The placeholder for the id of a source org in the value of a rule. */
export const orgPlace = '{sourceOrg}';
