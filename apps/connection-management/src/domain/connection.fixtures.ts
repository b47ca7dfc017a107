import { unreported } from '@pagebridge/contracts';
import type { Connection } from './connection.ts';

export const minute = (count: number): Date => new Date(Date.UTC(2026, 10, 24, 12, count));

/** Returns a connection for tests; name only the fields that matter. */
export const aConnection = (differences: Partial<Connection> = {}): Connection => ({
  id: '0199f3a0-0000-7000-8000-000000000001',
  sourceOrg: 'acme-us',
  name: 'Globex Europe',
  slug: 'globex-europe',
  slugSince: minute(0),
  formerSlugs: [],
  dataCenter: 'EU1',
  destinationOrg: { id: 'org-1', name: 'Globex' },
  serviceAccountId: 'account-1',
  directorySince: new Date('2026-01-01T00:00:00.000Z'),
  enabled: true,
  failover: undefined,
  share: 'none',
  shareRevokedBefore: undefined,
  deletion: undefined,
  version: 1,
  stateRevision: 0,
  createdAt: minute(0),
  updatedAt: minute(0),
  credential: {
    sealed: 'a.b.c.d.e',
    revision: 1,
    apiKeyLast4: 'abcd',
    applicationKeyLast4: 'wxyz',
    fingerprint: 'f',
    acceptedAt: minute(0),
    checkedAt: minute(0),
    checkStatus: 'passed',
    checks: [],
  },
  formerCredential: undefined,
  health: unreported,
  ...differences,
});
