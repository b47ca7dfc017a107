import type { SyncRequest } from '@pagebridge/contracts';

export const REQUEST_METER = Symbol('RequestMeter');

export interface RequestMeter {
  requested(cause: SyncRequest['cause'], result: 'planned' | 'dropped'): void;
}
