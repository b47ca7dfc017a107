import { hash } from 'node:crypto';
import type { Alert, Event } from '@pagebridge/contracts';

// Some producers reuse an event id for the next firing, so the time is part of the identity.
const timeOf = ({ time, data }: Event<Alert>): string => time || data.occurredAt;

// JSON separates the parts whatever they contain. Hex and not base64url, because destinations lower-case tags, and because an
// id on a command line must not begin with a dash. 32 digits are 128 bits. The alert key is a part because a producer may use
// one event id for two alerts that fire in the same second.
const idOf = (event: Event<Alert>, ...parts: readonly string[]): string => {
  const { source, id, data } = event;
  const all = [source, data.sourceOrg, data.alertKey, id, timeOf(event), ...parts];
  return hash('sha256', JSON.stringify(all), 'hex').slice(0, 32);
};

/** Returns the page id, the same for the same event, connection and team, so that a redelivered alert makes no second page. */
export const pageIdOf = (event: Event<Alert>, connectionId: string, teamId: string): string =>
  idOf(event, connectionId, teamId);

/** Returns the id of another output of an event. Never equal to a page id. */
export const factIdOf = (event: Event<Alert>, kind: 'resolve' | 'unrouted', subject = ''): string =>
  idOf(event, kind, subject, '');
