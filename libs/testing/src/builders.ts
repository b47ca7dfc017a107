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
  type Integration,
  Integrations,
  integrationKeyOf,
  type OutgoingRecord,
} from '@pagebridge/contracts';
import { alertIdentity } from '@pagebridge/vocabulary';

/** Returns valid data of an alert event; a test sets only the fields that matter. */
export const anAlert = (fields: Partial<Alert> = {}): Alert => ({
  sourceOrg: 'acme-us',
  alertKey: 'monitor-1234:host:backend-7',
  transition: 'triggered',
  origin: 'monitor',
  title: '[Triggered] High memory usage',
  message: 'High memory usage detected on backend services. @oncall-core-infra',
  occurredAt: new Date().toISOString(),
  ...fields,
});

type Bytes = Buffer | string | null;
type Written<Headers> = Omit<OutgoingRecord, 'key' | 'headers'> & { readonly key: Bytes; readonly headers: Headers };
const bytesOf = (text: Bytes) => (text === null ? null : Buffer.from(text));

/** Converts a record for a producer to the form in which a consumer receives it. */
export const asRead = <Headers extends IncomingRecord['headers']>(
  { topic, key, value, headers }: Written<Headers>,
  at: { readonly partition?: number; readonly offset?: number; readonly timestamp?: number } = {},
) => ({ topic, partition: 0, offset: 0, timestamp: 0, ...at, key: bytesOf(key), value: bytesOf(value), headers });

/** Returns an alert as a record for `paging.alerts.v1`; each call creates a new event. */
export const anAlertRecord = (data: Partial<Alert> = {}, attributes: Partial<EventAttributes> = {}): OutgoingRecord => {
  const alert = anAlert(data);
  return Alerts.encode(
    alertIdentity(alert.sourceOrg, alert.alertKey),
    { id: randomUUID(), source: '//monitors.example', time: alert.occurredAt, ...attributes },
    alert,
  );
};

/** Returns a valid connection; no key opens its sealed credential. */
export const aConnection = (fields: Partial<Connection> = {}): Connection => ({
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
  ...fields,
});

export const aHandle = (fields: Partial<Handle> = {}): Handle => ({
  directory: 'EU1/org-globex/account-1',
  teamId: randomUUID(),
  teamHandle: 'core-infra',
  teamName: 'Core Infra',
  onCall: true,
  formerHandles: [],
  changedAt: '2026-01-01T00:00:00.000Z',
  firstSeenAt: '2026-01-01T00:00:00.000Z',
  ownerEpoch: 1,
  ...fields,
});

/** Returns an API token that is valid for an hour, and the data that connection-management publishes for it. */
export function anApiToken(fields: Partial<AccessToken> = {}) {
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
    ...fields,
  };
  return { token, data };
}

export const anApiTokenRecord = (data: AccessToken): OutgoingRecord =>
  AccessTokens.encode(data.tokenId, { id: randomUUID(), source: '/spec', time: data.createdAt }, data);

export const anIntegration = (fields: Partial<Integration> = {}): Integration => ({
  sourceOrg: 'acme-us',
  name: 'here',
  kind: 'alertmanager',
  noDefaultFor: [],
  severities: [],
  repeatHours: 4,
  version: 1,
  ...fields,
});

/** Returns a token of an integration, and the records from which alert-intake knows both. */
export function anIntegrationWithToken(fields: Partial<Integration> = {}, ofToken: Partial<AccessToken> = {}) {
  const integration = anIntegration(fields);
  const { sourceOrg, name } = integration;
  const { token, data } = anApiToken({ sourceOrg, permissions: ['alerts:write'], integration: name, ...ofToken });
  const attributes = { id: randomUUID(), source: '/spec', time: data.createdAt };
  const record = Integrations.encode(integrationKeyOf(integration), attributes, integration);
  return { token, records: [record, anApiTokenRecord(data)] };
}
