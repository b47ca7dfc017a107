import { jest } from '@jest/globals';
import { type Identity, openAccess, roles } from '@pagebridge/access';
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
    const subject = uniqueName('admin');
    const grants = orgs.map((sourceOrg) => ({ sourceOrg, permissions: new Set(roles.admin) }));
    this.identities.set(subject, { issuer: 'https://login.test', subject, grants });
    return { authorization: `Bearer ${subject}` };
  }
}
