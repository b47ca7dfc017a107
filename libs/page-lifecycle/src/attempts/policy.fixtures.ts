import { type Policy } from '../policy.ts';

export const defaultPolicy: Policy = {
  reopenAfterMs: 60 * 60_000,
  maxAgeMs: 4 * 60 * 60_000,
  retentionMs: 7 * 24 * 60 * 60_000,
  connectionGraceMs: 30_000,
};
