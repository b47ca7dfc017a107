import { type Alert, Alerts, type Event, eventSchemaOf } from '@pagebridge/contracts';
import { type FieldError, invalid } from '@pagebridge/service';

/**
 * Reads an alert from an HTTP body: its data alone, or the whole CloudEvent of a record.
 *
 * The check is the same as for a record on Kafka. Throws a Problem with the field, the fault and the cure; if fields are
 * missing, with all of them.
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

/** Returns the source org of the alert in a body, for which the caller needs the permission; undefined if there is none. */
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
  cure: 'Send the data of an alert, or a whole CloudEvent, as a JSON object.',
};

interface ObjectSchema {
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, { readonly description?: string; readonly const?: unknown }>>;
}

// The JSON Schemas that the contract checks with, without the symbols of TypeBox.
const eventSchema: ObjectSchema = JSON.parse(JSON.stringify(eventSchemaOf(Alerts.card)));
const alertSchema: ObjectSchema = JSON.parse(JSON.stringify(Alerts.card.value));

function missingInEvent(event: object): FieldError[] {
  const data = 'data' in event ? event.data : undefined;
  const within = typeof data === 'object' && data !== null ? missingIn(data, alertSchema, 'data.') : [];
  return [...missingIn(event, eventSchema), ...within];
}

function missingIn(body: object, { required = [], properties }: ObjectSchema, path = ''): FieldError[] {
  return required
    .filter((name) => !(name in body))
    .map((name) => {
      const { description, const: only } = properties[name] ?? {};
      const meaning = description ?? (only ? `It is ${only}.` : 'It contains the fields of the alert.');
      return { field: path + name, message: `${path}${name} is missing`, cure: `Add the field. ${meaning}` };
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

// A detail is for example `data.title is missing (One line.)`: the field, the fault, the meaning of the field.
function fieldErrorOf(detail: string, isEvent: boolean) {
  const [, path = '', fault = detail, cure] = /^(\S+) (.*?)(?: \((.*)\))?$/s.exec(detail) ?? [];
  const field = isEvent ? path : path.replace(/^data\./, '');
  return { field, message: `${field} ${fault}`, ...(cure ? { cure } : {}) };
}
