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
    description: 'JWKS with the private keys that credentials are sealed for; better given as a file.',
  }),
  SNAPSHOT_URL: Type.Optional(
    Type.String({
      pattern: '^(https://|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:|/|$))[^\\s?#]*$',
      maxLength: 512,
      description:
        'Where the people who are paged reach `/s/` of page-history: https, or http on this machine. With it, the text of a page ends with a link to a snapshot, if its connection shares one.',
    }),
  ),
  SNAPSHOT_KEYS: Type.Optional(
    Type.String({
      description:
        'Keys that sign these links, each 32 bytes in base64url: one a line, or a JSON list. The first signs; page-history must have all of them. Preferably set them as a file.',
    }),
  ),
  PAGE_MAX_AGE_MINUTES: number(
    240,
    0.01,
    10_080,
    'Minutes after its latest command was written at which a page that was not accepted is given up.',
  ),
  PAGE_REOPEN_AFTER_MINUTES: number(60, 0, 10_080, 'Minutes after which a re-trigger pages again instead of joining.'),
  ACK_POLL_SECONDS: integer(
    30,
    1,
    3600,
    'Seconds between two readings of what responders did with the open pages of a destination. A trigger that comes before a close is known joins the closed page.',
  ),
  STATE_RETENTION_DAYS: number(7, 0.001, 365, 'Days after which an idle alert is forgotten.'),
  CONNECTION_GRACE_SECONDS: number(30, 0, 3600, 'Seconds a page waits for a connection that is not known.'),
  LANE_CONCURRENCY: integer(4, 1, 64, 'Maximum number of parallel calls over one connection.'),
  DESTINATION_CONCURRENCY: integer(
    16,
    1,
    256,
    'Maximum number of parallel calls to one destination org, over all connections.',
  ),
  WAITING_MIB: number(
    256,
    0.001,
    65_536,
    'MiB of memory for alerts with waiting pages, about 160,000, divided by the partitions; beyond the share of an instance, orgs that hold an even part or more get their new pages as dead letters. Many orgs that flood may double it.',
  ),
  IDLE_ALERTS_MIB: number(
    1024,
    1,
    65_536,
    'MiB of memory for alerts without waiting pages, about 1,700,000; above it, the largest org loses its oldest.',
  ),
  CALL_TIMEOUT_MS: integer(10_000, 100, 60_000, 'Milliseconds in which a destination must answer a call.'),
  RETRY_BASE_SECONDS: number(
    1,
    0.01,
    600,
    'Maximum seconds before the first retry; doubles with each, with jitter. Calls over a connection that fails are repeated this far apart.',
  ),
  RETRY_CAP_SECONDS: number(
    60,
    0.01,
    3600,
    'Maximum seconds before any retry, unless a 429 asks for more, up to an hour.',
  ),
  SESSION_TIMEOUT_MS: integer(
    10_000,
    6000,
    300_000,
    'Milliseconds without a heartbeat after which the group assigns the partitions to other instances.',
  ),
});

export type PageDeliveryConfig = Static<typeof pageDeliveryConfig>;
