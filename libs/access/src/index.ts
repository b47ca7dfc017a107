/** Who asks, and what they may do. */
export { type Authentication, type Authenticator, openAccess, type TokenRefusal } from './authenticator.ts';
export { type Decision, decide, type Need, orgsWith } from './decide.ts';
export { actorOf, type Grant, type Identity, ownIssuer } from './identity.ts';
export { type Permission, permissions, type Role, roles } from './permissions.ts';
