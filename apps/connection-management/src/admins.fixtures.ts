import { jest } from '@jest/globals';
import { type Identity, openAccess, ownIssuer, type Permission, type Role, roles } from '@pagebridge/access';
import { uniqueName } from '@pagebridge/testing';

/** Callers identified by a token that is their name. Nobody else is authenticated. */
export class Admins {
  private readonly identities = new Map<string, Identity>();

  constructor() {
    jest.spyOn(openAccess, 'authenticate').mockImplementation(async (token) => {
      const identity = this.identities.get(token ?? '');
      return identity ? { identity } : { refusal: { reason: 'no-token', detail: 'There is no token.' } };
    });
  }

  /** Adds a caller who is admin of these orgs, and returns the header for its requests. */
  of(...orgs: string[]): Record<string, string> {
    return this.add('admin', 'https://login.test', orgs);
  }

  /** Adds an admin of an org that may say for whom it acts. */
  portalOf(org: string): Record<string, string> {
    return this.add('admin', 'https://login.test', [org], ['audit:on-behalf']);
  }

  /** Adds an editor of an org. */
  editorOf(org: string): Record<string, string> {
    return this.add('editor', 'https://login.test', [org]);
  }

  /** Adds an API token of an org with the role of an admin. */
  tokenOf(org: string): Record<string, string> {
    return this.add('admin', ownIssuer, [org]);
  }

  private add(role: Role, issuer: string, orgs: string[], more: Permission[] = []): Record<string, string> {
    const subject = uniqueName(role);
    const grants = orgs.map((sourceOrg) => ({ sourceOrg, permissions: new Set([...roles[role], ...more]) }));
    this.identities.set(subject, { issuer, subject, grants });
    return { authorization: `Bearer ${subject}` };
  }
}
