import { callersConfig, commonConfig, managementPortConfig, portConfig } from '@pagebridge/service';
import { type Static, Type } from 'typebox';

/** The configuration of page-routing, read from its environment. */
export const pageRoutingConfig = Type.Object({
  ...commonConfig,
  ...callersConfig,
  PORT: portConfig(8083),
  MANAGEMENT_PORT: managementPortConfig(9083),
  ALERT_MAX_AGE_MINUTES: Type.Number({
    default: 240,
    minimum: 0.01,
    maximum: 10_080,
    description:
      'Age in minutes beyond which an alert pages nobody when it is read, and is parked in the dead letters as `too-old`.',
  }),
  DEFERRED_PAGING_MINUTES: Type.Number({
    default: 10,
    minimum: 0,
    maximum: 1440,
    description:
      'Minutes for which an unknown handle of an alert waits: it pages late if it becomes known in this time. 0: no handle waits.',
  }),
  SYNC_REQUEST_GAP_SECONDS: Type.Number({
    default: 10,
    minimum: 0,
    maximum: 3600,
    description: 'Minimum seconds between two sync requests for one directory because of unknown handles.',
  }),
});

export type PageRoutingConfig = Static<typeof pageRoutingConfig>;
