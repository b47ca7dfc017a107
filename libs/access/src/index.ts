/** Authentication of callers, and authorization of their requests. */
export { ApiTokens } from './api-tokens/api-tokens.ts';
export { hashOfToken, makeToken } from './api-tokens/token-form.ts';
export { type TokenRecord, TokenTable, toldExpiredMs } from './api-tokens/token-table.ts';
export { type Authenticator, anonymous, openAccess, type TokenRefusal } from './authenticator.ts';
export { byPrefix, noApiTokens } from './by-prefix.ts';
export { decide, orgsWith } from './decide.ts';
export { actorOf, type Identity, ownIssuer } from './identity.ts';
export { OidcAuthenticator } from './oidc/oidc-authenticator.ts';
export { type Permission, permissions, type Role, roles } from './permissions.ts';
export { PolicyError, parsePolicy } from './policy/parse-policy.ts';
export type { Policy } from './policy/policy.ts';
export { PolicyFile } from './policy/policy-file.ts';
export { rulesByOrg } from './policy/rules-by-org.ts';
