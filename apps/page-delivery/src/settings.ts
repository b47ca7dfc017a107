import type { DeliverySettings } from './application/delivery-parts.ts';
import type { PageDeliveryConfig } from './config.ts';

const second = 1000;
const minute = 60 * second;
const mebibyte = 1024 * 1024;

export const deliverySettingsOf = (config: PageDeliveryConfig): DeliverySettings => ({
  policy: {
    maxAgeMs: config.PAGE_MAX_AGE_MINUTES * minute,
    reopenAfterMs: config.PAGE_REOPEN_AFTER_MINUTES * minute,
    retentionMs: config.STATE_RETENTION_DAYS * 24 * 60 * minute,
    connectionGraceMs: config.CONNECTION_GRACE_SECONDS * second,
  },
  lanes: {
    concurrency: config.LANE_CONCURRENCY,
    destinationConcurrency: config.DESTINATION_CONCURRENCY,
    backoff: { baseMs: config.RETRY_BASE_SECONDS * second, capMs: config.RETRY_CAP_SECONDS * second },
  },
  readEveryMs: config.ACK_POLL_SECONDS * second,
  idleBytes: config.IDLE_ALERTS_MIB * mebibyte,
  waitingBytes: config.WAITING_MIB * mebibyte,
});
