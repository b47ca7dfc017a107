import { randomUUID } from 'node:crypto';
import { nextTraceparent } from '@pagebridge/contracts';

const source = '/pagebridge/handle-sync';

/** Returns the attributes of an event that this service writes. */
export const attributes = (time: string, traceparent = nextTraceparent()) => ({
  id: randomUUID(),
  source,
  time,
  traceparent,
});
