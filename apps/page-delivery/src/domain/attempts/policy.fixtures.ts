import { type Policy } from '@pagebridge/page-ledger';

export const defaultPolicy: Policy = {
  reopenAfterMs: 60 * 60_000,
  maxAgeMs: 4 * 60 * 60_000,
  retentionMs: 7 * 24 * 60 * 60_000,
  connectionGraceMs: 30_000,
};
