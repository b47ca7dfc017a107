import { randomUUID } from 'node:crypto';
import { hashOfToken, makeToken } from '@pagebridge/access';
import {
  type AccessToken,
  AccessTokens,
  type Alert,
  Alerts,
  type Connection,
  type EventAttributes,
  type Handle,
  type IncomingRecord,
  type OutgoingRecord,
} from '@pagebridge/contracts';
import { alertIdentity } from '@pagebridge/vocabulary';

/** A good alert event's data; a test names only what matters to it. */
export const anAlert = (its: Partial<Alert> = {}): Alert => ({
  sourceOrg: 'acme-us',
  alertKey: 'monitor-1234:host:backend-7',
  transition: 'triggered',
  origin: 'monitor',
  title: '[Triggered] High memory usage',
  message: 'High memory usage detected on backend services. @oncall-core-infra',
  occurredAt: new Date().toISOString(),
  ...its,
});

type Bytes = Buffer | string | null;
type Written<Headers> = Omit<OutgoingRecord, 'key' | 'headers'> & { readonly key: Bytes; readonly headers: Headers };
const bytesOf = (text: Bytes) => (text === null ? null : Buffer.from(text));

/** A record, as it is handed to a producer, as a consumer gets it. */
export const asRead = <Headers extends IncomingRecord['headers']>(
  { topic, key, value, headers }: Written<Headers>,
  at: { readonly partition?: number; readonly offset?: number; readonly timestamp?: number } = {},
) => ({ topic, partition: 0, offset: 0, timestamp: 0, ...at, key: bytesOf(key), value: bytesOf(value), headers });

/** The same as a record on `paging.alerts.v1`, as an alerting system writes it; each call is a new event. */
export const anAlertRecord = (its: Partial<Alert> = {}, attributes: Partial<EventAttributes> = {}): OutgoingRecord => {
  const alert = anAlert(its);
  return Alerts.encode(
    alertIdentity(alert.sourceOrg, alert.alertKey),
    { id: randomUUID(), source: '//monitors.example', time: alert.occurredAt, ...attributes },
    alert,
  );
};

/** A good connection; its sealed credential opens with no key. */
export const aConnection = (its: Partial<Connection> = {}): Connection => ({
  connectionId: randomUUID(),
  sourceOrg: 'acme-us',
  name: 'Globex EU',
  slug: 'globex-eu',
  dataCenter: 'EU1',
  destinationOrg: { id: 'org-globex', name: 'Globex' },
  directory: 'EU1/org-globex/account-1',
  enabled: true,
  version: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  credential: { sealed: 'sealed', revision: 1, checkedAt: '2026-01-01T00:00:00.000Z' },
  ...its,
});

/** A good handle of one on-call team. */
export const aHandle = (its: Partial<Handle> = {}): Handle => ({
  directory: 'EU1/org-globex/account-1',
  teamId: randomUUID(),
  teamHandle: 'core-infra',
  teamName: 'Core Infra',
  onCall: true,
  formerHandles: [],
  changedAt: '2026-01-01T00:00:00.000Z',
  firstSeenAt: '2026-01-01T00:00:00.000Z',
  generation: 1,
  ...its,
});

/** An API token that is good for an hour, and its record as connection-management publishes it. */
export function anApiToken(its: Partial<AccessToken> = {}) {
  const token = makeToken();
  const now = Date.now();
  const data: AccessToken = {
    tokenId: randomUUID(),
    sourceOrg: 'acme-us',
    name: 'terraform',
    hash: hashOfToken(token),
    createdAt: new Date(now).toISOString(),
    createdBy: 'urn:pagebridge#spec',
    expiresAt: new Date(now + 3_600_000).toISOString(),
    version: 1,
    ...its,
  };
  return { token, data };
}

/** The record of an API token, on its topic. */
export const anApiTokenRecord = (data: AccessToken): OutgoingRecord =>
  AccessTokens.encode(data.tokenId, { id: randomUUID(), source: '/spec', time: data.createdAt }, data);
