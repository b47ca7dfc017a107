import type { SyncRequest } from '@pagebridge/contracts';

/** Token of the RequestMeter. */
export const REQUEST_METER = Symbol('RequestMeter');

export interface RequestMeter {
  requested(cause: SyncRequest['cause'], result: 'planned' | 'dropped'): void;
}
