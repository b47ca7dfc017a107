import type { TObject } from 'typebox';
import type { Schema, Value } from './values-file.ts';

/** The variables of a service that its block in the values may set: those that the chart does not set itself. */
export interface ServiceVariables {
  readonly name: string;
  readonly config: TObject;
}

/** Set by the chart from values of their own. */
const setByChart =
  /^(KAFKA_(?!MAX_)|DEAD_LETTER|DATABASE_(?!POOL_)|CREDENTIALS_|ACCESS|DATA_CENTERS$|MANAGEMENT_|HOST$|PORT$|LOG_LEVEL$|START_WAIT_MS$|STOP_|OIDC_(ISSUER|CLIENT_)|(SESSION|SNAPSHOT)_KEYS$|(SNAPSHOT|PUBLIC|CONNECTION_MANAGEMENT|HANDLE_SYNC|PAGE_ROUTING|PAGE_HISTORY)_URL$)/;

const texts = { type: 'object', additionalProperties: { type: 'string' } };
const objects = { type: 'array', items: { type: 'object' } };
const cpu = { type: ['string', 'number'], pattern: '^\\d+(\\.\\d+)?m?$' };
const size = { type: 'string', pattern: '^\\d+(Mi|Gi)$', description: 'In whole Mi or Gi.' };
const quantities = { cpu, memory: size, 'ephemeral-storage': size };
const closed = (properties: Schema, required: readonly string[] = []): Schema => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});

const definitions: Schema = {
  any: { type: 'object' },
  strings: texts,
  renderMode: { enum: ['skipIfMissing', 'failIfMissing', 'alwaysRender'] },
  env: { type: 'array', items: { type: 'object', required: ['name'] } },
  hosts: { type: 'array', items: { type: 'string', pattern: '^[a-z0-9*]([a-z0-9.-]*[a-z0-9])?$' }, uniqueItems: true },
  peers: objects,
  ports: { type: 'array', items: { type: 'integer', minimum: 1, maximum: 65_535 } },
  resources: closed({ requests: closed(quantities, ['memory']), limits: closed(quantities, ['memory']) }, [
    'requests',
    'limits',
  ]),
};

/** The schema of the values: what it does not name is refused. */
export function schemaOf(values: readonly Value[], services: readonly ServiceVariables[]): Schema {
  const configs = services.map(({ name, config }) => [`config-of-${name}`, configSchema(config)]);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the chart pagebridge',
    description: 'Generated from values.yaml by `npm run generate`.',
    ...mapSchema(values),
    definitions: { ...definitions, ...Object.fromEntries(configs) },
  };
}

const mapSchema = (values: readonly Value[]): Schema => ({
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(values.map((value) => [value.key, schemaOfValue(value)])),
});

function schemaOfValue({ meaning, schema = {}, preset, values }: Value): Schema {
  const description = meaning ? { description: meaning } : {};
  const { $ref, ...said } = schema;
  // What stands beside a $ref is ignored.
  if ($ref !== undefined) return { ...description, allOf: [{ $ref }], ...said };
  if (values.length > 0) return { ...description, ...mapSchema(values), ...said };
  return { ...description, ...(said.enum ? {} : { type: typeOf(preset) }), ...said };
}

function typeOf(preset: unknown): string {
  if (Array.isArray(preset)) return 'array';
  if (typeof preset === 'number') return Number.isInteger(preset) ? 'integer' : 'number';
  return preset === null ? 'null' : typeof preset;
}

function configSchema({ properties }: TObject): Schema {
  const free = Object.entries(properties).filter(([name]) => !setByChart.test(name));
  return closed(Object.fromEntries(free.map(([name, schema]) => [name, schema])));
}
