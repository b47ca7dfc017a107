import { hash } from 'node:crypto';
import type { Alert, Event } from '@pagebridge/contracts';

/** What makes an alert event this one: some producers reuse an event id for the next firing, so its time is part of it. */
const identityOf = ({ source, id, time, data }: Event<Alert>): string[] => [source, id, time || data.occurredAt];

// JSON keeps the parts apart whatever is in them. Hex and not base64url: destinations lower-case tags, and an id must not
// begin with a dash on a command line. 32 digits are 128 bits.
const idOf = (parts: readonly string[]): string => hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32);

/** The same event, connection and team always give the same page, however often Kafka redelivers. */
export const pageIdOf = (event: Event<Alert>, connectionId: string, teamId: string): string =>
  idOf([...identityOf(event), connectionId, teamId]);

/** The id of what else an event led to; `parts` say what. Never equal to a page id. */
export const factIdOf = (event: Event<Alert>, kind: 'resolve' | 'unrouted', subject = ''): string =>
  idOf([...identityOf(event), kind, subject, '']);
