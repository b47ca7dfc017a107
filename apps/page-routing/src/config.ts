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
      'Maximum age of an alert in minutes. Older alerts page nobody and become dead letters with the reason `too-old`.',
  }),
  DEFERRED_PAGING_MINUTES: Type.Number({
    default: 10,
    minimum: 0,
    maximum: 1440,
    description:
      'Minutes that an unknown handle waits. If it becomes known meanwhile, it is paged late. 0: no waiting.',
  }),
  SYNC_REQUEST_GAP_SECONDS: Type.Number({
    default: 10,
    minimum: 0,
    maximum: 3600,
    description: 'Minimum seconds between sync requests for one directory because of unknown handles.',
  }),
});

export type PageRoutingConfig = Static<typeof pageRoutingConfig>;
