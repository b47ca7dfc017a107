import { type Alert, Alerts, type Event } from '@pagebridge/contracts';
import { invalid } from '@pagebridge/service';

/**
 * Reads an alert from an HTTP body: its data alone, or a whole CloudEvent as it would stand on Kafka.
 *
 * It passes the very check that a record on Kafka passes. Throws a Problem naming the field and what it must be.
 */
export function alertIn(body: unknown, now: Date): Event<Alert> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid([notAnObject]);
  const isEvent = 'specversion' in body;
  const event = isEvent ? body : eventAround(body, now);
  const decoded = Alerts.decode({ value: Buffer.from(JSON.stringify(event)), headers: {} });
  if (decoded.ok) return decoded.event;
  throw invalid([fieldErrorOf(decoded.detail, isEvent)]);
}

const notAnObject = {
  field: 'body',
  message: 'the body must be an object',
  cure: "Send an alert's data, or a whole CloudEvent, as a JSON object.",
};

const eventAround = (data: object, now: Date) => ({
  specversion: '1.0',
  type: Alerts.card.eventType,
  source: '/pagebridge/explain',
  id: 'explain',
  time: now.toISOString(),
  data,
});

// Complaints read `data.title is missing (One line.)`: the field, what is wrong, what it must be.
function fieldErrorOf(detail: string, isEvent: boolean) {
  const [, path = '', wrong = detail, cure] = /^(\S+) (.*?)(?: \((.*)\))?$/s.exec(detail) ?? [];
  const field = isEvent ? path : path.replace(/^data\./, '');
  return { field, message: `${field} ${wrong}`, ...(cure ? { cure } : {}) };
}
