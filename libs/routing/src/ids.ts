import { hash } from 'node:crypto';
import type { Alert, Event } from '@pagebridge/contracts';

// Some producers reuse an event id for the next firing, so the time is part of the identity.
const timeOf = ({ time, data }: Event<Alert>): string => time || data.occurredAt;

// JSON separates the parts whatever they contain. Hex and not base64url, because destinations lower-case tags, and because an
// id on a command line must not begin with a dash. 32 digits are 128 bits.
const idOf = (parts: readonly string[]): string => hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32);

/** Returns the page id, the same for the same event, connection and team, so that a redelivered alert makes no second page. */
export const pageIdOf = (event: Event<Alert>, connectionId: string, teamId: string): string =>
  idOf([event.source, event.id, timeOf(event), connectionId, teamId]);

/** Returns the id of another output of an event. Never equal to a page id. */
export const factIdOf = (event: Event<Alert>, kind: 'resolve' | 'unrouted', subject = ''): string =>
  idOf([event.source, event.id, timeOf(event), kind, subject, '']);
