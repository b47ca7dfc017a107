import fc from 'fast-check';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
}

interface DescribedOperation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, unknown>>;
}

/** The used fields of a service's `/openapi.json`. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

/** A route of a service. */
export interface Operation {
  readonly method: string;
  /** The path as in OpenAPI: `/v1/source-orgs/{org}`. */
  readonly path: string;
  readonly queries: readonly string[];
  /** The bodies of the route; undefined if it has none. */
  readonly body?: fc.Arbitrary<unknown>;
  readonly statuses: ReadonlySet<number>;
}

const get = (path: string, ...statuses: number[]): Operation => ({
  method: 'GET',
  path,
  queries: [],
  statuses: new Set(statuses),
});

/** The routes of a management port. */
export const managementOperations: readonly Operation[] = [
  get('/health/started', 200, 503),
  get('/health/live', 200, 503),
  get('/health/ready', 200, 503),
  get('/metrics', 200),
];

export const operationsOf = (document: OpenApi): Operation[] => [
  ...Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => operationOf(document, path, method, described)),
  ),
  get('/openapi.json', 200),
];

function operationOf(document: OpenApi, path: string, method: string, described: DescribedOperation): Operation {
  const { parameters = [], requestBody, responses } = described;
  const schema = requestBody && Object.values(requestBody.content)[0]?.schema;
  return {
    method: method.toUpperCase(),
    path,
    queries: parameters.filter((each) => each.in === 'query').map(({ name }) => name),
    ...(schema ? { body: valuesOf(document, schema) } : {}),
    statuses: new Set(Object.keys(responses).map(Number)),
  };
}

// Values of the running services are placeholders `:name` until a request is sent.
const known: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  dataCenter: fc.constantFrom('SANDBOX-EU1', 'SANDBOX-AP1', 'NOWHERE'),
  apiKey: fc.constant(':apiKey'),
  applicationKey: fc.constant(':applicationKey'),
  connectionId: fc.constant(':id'),
  message: fc.constantFrom('@oncall-core-infra @oncall-nobody', '@oncall-'.repeat(1000)),
};

function valuesOf(document: OpenApi, schema: Schema): fc.Arbitrary<unknown> {
  const { $ref, allOf, oneOf, type, properties, items } = schema;
  const inner = (each: Schema) => valuesOf(document, each);
  if ($ref) return inner(document.components?.schemas?.[$ref.split('/').at(-1) ?? ''] ?? {});
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const some = allOf ?? oneOf;
  if (some) return fc.oneof(...some.map(inner));
  if (properties) {
    const fields = Object.entries(properties).map(([name, each]) => [name, known[name] ?? inner(each)] as const);
    return fc.record(Object.fromEntries(fields), { requiredKeys: [...(schema.required ?? [])] });
  }
  if (type === 'array') return fc.array(inner(items ?? {}), { maxLength: 5 });
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer' || type === 'number')
    return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 9 });
  return type === 'string' ? textsOf(schema) : fc.jsonValue();
}

function textsOf({ pattern, format, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time') return fc.constant(new Date().toISOString());
  if (format === 'uri') return fc.constant('https://a.example/');
  if (pattern) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 40)) });
}
