import { commonConfig, dataCentersConfig, managementPortConfig } from '@pagebridge/service';
import { type Static, Type } from 'typebox';

const number = (value: number, minimum: number, maximum: number, description: string) =>
  Type.Number({ default: value, minimum, maximum, description });
const integer = (value: number, minimum: number, maximum: number, description: string) =>
  Type.Integer({ default: value, minimum, maximum, description });

export const pageDeliveryConfig = Type.Object({
  ...commonConfig,
  ...dataCentersConfig,
  MANAGEMENT_PORT: managementPortConfig(9084),
  CREDENTIALS_PRIVATE_KEYS: Type.String({
    minLength: 1,
    description: 'JWKS with the private keys that open credentials. Prefer a file.',
  }),
  SNAPSHOT_URL: Type.Optional(
    Type.String({
      pattern: '^(https://|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:|/|$))[^\\s?#]*$',
      maxLength: 512,
      description:
        'Public URL of page-history for snapshot links: https, or http on this machine. If set, pages of connections that share something end with a link.',
    }),
  ),
  SNAPSHOT_KEYS: Type.Optional(
    Type.String({
      description:
        'Keys that sign these links, each 32 bytes in base64url: one per line, or a JSON list. The first signs. page-history needs the same keys. Prefer a file.',
    }),
  ),
  PAGE_MAX_AGE_MINUTES: number(
    240,
    0.01,
    10_080,
    "Minutes since a page's latest command after which an unaccepted page expires.",
  ),
  PAGE_REOPEN_AFTER_MINUTES: number(
    60,
    0,
    10_080,
    'Minutes after which a new trigger creates a page instead of joining the open one.',
  ),
  ACK_POLL_SECONDS: integer(
    30,
    1,
    3600,
    'Seconds between polls of the open pages of a destination. Until the poll sees a closed page, a new trigger joins it.',
  ),
  STATE_RETENTION_DAYS: number(7, 0.001, 365, 'Days before the state of an idle alert is deleted.'),
  CONNECTION_GRACE_SECONDS: number(30, 0, 3600, 'Seconds that a page waits for an unknown connection.'),
  LANE_CONCURRENCY: integer(4, 1, 64, 'Maximum concurrent calls per connection.'),
  DESTINATION_CONCURRENCY: integer(16, 1, 256, 'Maximum concurrent calls per destination org, over all connections.'),
  WAITING_MIB: number(
    256,
    0.001,
    65_536,
    'MiB of memory for alerts with waiting pages (256 MiB: about 160,000), divided by the partitions. When an instance exceeds its share, new pages of orgs that use an equal part or more become dead letters. If many orgs flood, usage can double.',
  ),
  IDLE_ALERTS_MIB: number(
    1024,
    1,
    65_536,
    'MiB of memory for alerts without waiting pages (1,024 MiB: about 1,700,000). Above the limit, the oldest alerts of the largest org are deleted.',
  ),
  CALL_TIMEOUT_MS: integer(10_000, 100, 60_000, 'Timeout of one call to a destination, in milliseconds.'),
  RETRY_BASE_SECONDS: number(
    1,
    0.01,
    600,
    'Maximum seconds before the first retry; doubles with each retry, with jitter. Also the interval between retries over a failing connection.',
  ),
  RETRY_CAP_SECONDS: number(
    60,
    0.01,
    3600,
    'Maximum seconds before a retry, unless a 429 asks for more (at most an hour).',
  ),
  SESSION_TIMEOUT_MS: integer(
    10_000,
    6000,
    300_000,
    'Milliseconds without a heartbeat before Kafka assigns the partitions to other instances.',
  ),
});

export type PageDeliveryConfig = Static<typeof pageDeliveryConfig>;
