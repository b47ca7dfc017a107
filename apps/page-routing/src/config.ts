import { callersConfig, commonConfig, managementPortConfig, portConfig } from '@pagebridge/service';
import { type Static, Type } from 'typebox';

/** What page-routing reads from its environment. */
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
      'Minutes after which an alert that nobody read pages nobody and goes to the dead letters as `too-old`.',
  }),
  LATE_BINDING_MINUTES: Type.Number({
    default: 10,
    minimum: 0,
    maximum: 1440,
    description:
      'Minutes in which a handle that was unknown when its alert fired pages late, once it becomes known; 0: it never does.',
  }),
  SYNC_REQUEST_GAP_SECONDS: Type.Number({
    default: 10,
    minimum: 0,
    maximum: 3600,
    description: 'Least seconds between two requests for a fresh look at one directory, when handles are unknown.',
  }),
});

export type PageRoutingConfig = Static<typeof pageRoutingConfig>;
