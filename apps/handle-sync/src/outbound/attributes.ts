import { randomUUID } from 'node:crypto';
import { nextTraceparent } from '@pagebridge/contracts';

/** What this service's events name as their CloudEvents source. */
const source = '/pagebridge/handle-sync';

/** The attributes of an event that this service writes. */
export const attributes = (time: string, traceparent = nextTraceparent()) => ({
  id: randomUUID(),
  source,
  time,
  traceparent,
});
