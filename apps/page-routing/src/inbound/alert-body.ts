import { type Alert, Alerts, type Event, eventSchemaOf } from '@pagebridge/contracts';
import { type FieldError, invalid } from '@pagebridge/service';

/**
 * Reads an alert from an HTTP body: its data alone, or a whole CloudEvent as it would stand on Kafka.
 *
 * It passes the very check that a record on Kafka passes. Throws a Problem naming the field and what it must be; of what is
 * missing, every field at once.
 */
export function alertIn(body: unknown = {}, now: Date): Event<Alert> {
  if (!isObject(body)) throw invalid([notAnObject]);
  const isEvent = isCloudEvent(body);
  const missing = isEvent ? missingInEvent(body) : missingIn(body, alertSchema);
  if (missing.length > 0) throw invalid(missing);
  const event = isEvent ? body : eventAround(body, now);
  const decoded = Alerts.decode({ value: Buffer.from(JSON.stringify(event)), headers: {} });
  if (decoded.ok) return decoded.event;
  throw invalid([fieldErrorOf(decoded.detail, isEvent)]);
}

/** The source org of the alert that `alertIn` makes of a body, which decides whether its caller may ask; undefined where there is none. */
export function sourceOrgIn(body: unknown): unknown {
  if (!isObject(body)) return undefined;
  const data = isCloudEvent(body) ? body.data : body;
  return isObject(data) ? data.sourceOrg : undefined;
}

const isCloudEvent = (body: object): boolean => 'specversion' in body;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const notAnObject = {
  field: 'body',
  message: 'the body must be an object',
  cure: "Send an alert's data, or a whole CloudEvent, as a JSON object.",
};

interface Described {
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, { readonly description?: string; readonly const?: unknown }>>;
}

// The plain JSON Schemas that the contract checks by.
const eventSchema: Described = JSON.parse(JSON.stringify(eventSchemaOf(Alerts.card)));
const alertSchema: Described = JSON.parse(JSON.stringify(Alerts.card.value));

function missingInEvent(event: object): FieldError[] {
  const data = 'data' in event ? event.data : undefined;
  const within = typeof data === 'object' && data !== null ? missingIn(data, alertSchema, 'data.') : [];
  return [...missingIn(event, eventSchema), ...within];
}

function missingIn(body: object, { required = [], properties }: Described, path = ''): FieldError[] {
  return required
    .filter((name) => !(name in body))
    .map((name) => {
      const { description, const: only } = properties[name] ?? {};
      const meaning = description ?? (only ? `It is ${only}.` : 'It holds what happened: the fields of an alert.');
      return { field: path + name, message: `${path}${name} is missing`, cure: `Add it. ${meaning}` };
    });
}

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
