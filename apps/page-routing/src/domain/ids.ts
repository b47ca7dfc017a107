import { hash } from 'node:crypto';
import type { Alert, Event } from '@pagebridge/contracts';

// Some producers reuse an event id for the next firing, so its time is part of what makes it this one.
const timeOf = ({ time, data }: Event<Alert>): string => time || data.occurredAt;

// JSON keeps the parts apart whatever is in them. Hex and not base64url: destinations lower-case tags, and an id must not
// begin with a dash on a command line. 32 digits are 128 bits.
const idOf = (parts: readonly string[]): string => hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32);

/** The same event, connection and team always give the same page, however often Kafka redelivers. */
export const pageIdOf = (event: Event<Alert>, connectionId: string, teamId: string): string =>
  idOf([event.source, event.id, timeOf(event), connectionId, teamId]);

/** The id of what else an event led to; `kind` and `subject` say what. Never equal to a page id. */
export const factIdOf = (event: Event<Alert>, kind: 'resolve' | 'unrouted', subject = ''): string =>
  idOf([event.source, event.id, timeOf(event), kind, subject, '']);
