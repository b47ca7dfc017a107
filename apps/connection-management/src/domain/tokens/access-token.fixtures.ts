import { minute } from '../connection.fixtures.ts';
import type { AccessToken } from './access-token.ts';

/** Returns a valid API token, made in minute 0 for an hour; name only the fields that matter. */
export const anAccessToken = (differences: Partial<AccessToken> = {}): AccessToken => ({
  id: '0199f3a0-0000-7000-8000-0000000000aa',
  sourceOrg: 'acme-us',
  name: 'terraform',
  scope: { role: 'editor' },
  integration: undefined,
  hash: 'a'.repeat(64),
  last4: 'wXyZ',
  createdAt: minute(0),
  createdBy: 'https://login.example.com#ada',
  expiresAt: minute(60),
  revokedAt: undefined,
  lastUsedAt: undefined,
  lastRefusal: undefined,
  lastWithoutHandle: undefined,
  version: 1,
  ...differences,
});
