import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TopicCard, TopicDefinition } from '@pagebridge/contracts';
import type { Acl } from '@pagebridge/topics';
import type { TObject } from 'typebox';
import { isMap, isScalar, type Node, type Pair, parseDocument } from 'yaml';

/** A JSON schema, as far as one is written here. */
interface Schema {
  readonly [keyword: string]: unknown;
}

/** A key of values.yaml: its meaning and schema are in the comment above it. */
interface Value {
  readonly key: string;
  readonly meaning: string;
  /** What a line `@schema` says in JSON; undefined where the default says it all. */
  readonly schema: Schema | undefined;
  readonly preset: unknown;
  /** The keys in it; none where it is no map, or its keys are not ours. */
  readonly values: readonly Value[];
}

/** Reads commented values; throws where a key has no comment, or its schema is not JSON. */
export function readValues(text: string): readonly Value[] {
  const { contents, errors } = parseDocument(text);
  if (errors[0]) throw errors[0];
  return valuesIn(contents as Node, '');
}

function valuesIn(node: Node, path: string): Value[] {
  if (!isMap(node)) return [];
  return node.items.map((pair, index) => read(pair as Pair<Node, Node>, path, index === 0 ? node : undefined));
}

// The comment of the first key of a map stands at the map, that of the others at the key.
function read({ key, value }: Pair<Node, Node | null>, path: string, map: Node | undefined): Value {
  if (!isScalar(key)) throw new Error(`a key in ${path || 'the values'} is no text`);
  const name = String(key.value);
  const at = path ? `${path}.${name}` : name;
  const lines = (key.commentBefore ?? map?.commentBefore ?? '').split('\n').map((line) => line.trim());
  const meaning = lines.filter((line) => line && !line.startsWith('@schema')).join(' ');
  const schemas = lines.filter((line) => line.startsWith('@schema')).map((line) => line.slice('@schema'.length));
  const schema = schemas.length > 0 ? (JSON.parse(schemas.join('')) as Schema) : undefined;
  const isOpaque = schema?.$ref !== undefined || schema?.additionalProperties !== undefined;
  const values = value && !isOpaque ? valuesIn(value, at) : [];
  // A map of ours says what it is by its keys.
  if (!meaning && values.length === 0) throw new Error(`${at} has no comment that says what it means`);
  return { key: name, meaning, schema, preset: value?.toJSON(), values };
}

const mark = /<!-- values -->[\s\S]*?<!-- end -->/;

/** The document with a table of the values for each of the top keys between its marks; throws where there are none. */
export function withValues(document: string, values: readonly Value[]): string {
  if (!mark.test(document))
    throw new Error('no place for the values: write <!-- values --> and <!-- end --> where they go');
  const groups = values.filter((value) => value.values.length > 1);
  const others = values.filter((value) => !groups.includes(value));
  const single = others.flatMap((value): Row[] =>
    value.values.length > 0 ? leavesOf(value, groups) : [[value.key, value]],
  );
  const tables = [
    `### At the top\n\n${tableOf(single)}`,
    ...groups.map((group) =>
      [`### ${group.key}`, group.meaning, tableOf(merged(leavesOf(group, groups)))].filter(Boolean).join('\n\n'),
    ),
  ];
  return document.replace(mark, () => `<!-- values -->\n\n${tables.join('\n\n')}\n\n<!-- end -->`);
}

type Row = readonly [path: string, value: Value];

/** The values in a group; one row for a map with the same keys as a group of its name. */
const leavesOf = (value: Value, groups: readonly Value[], path = value.key): Row[] =>
  value.values.flatMap((inner): Row[] => {
    const at = `${path}.${inner.key}`;
    if (inner.values.length === 0) return [[at, inner]];
    const twin = groups.find((group) => group !== inner && signatureOf(group.values) === signatureOf(inner.values));
    if (twin) return [[`${at}.*`, { ...inner, meaning: `${inner.meaning} Keys: [${twin.key}](#${twin.key}).` }]];
    return leavesOf(inner, groups, at);
  });

const signatureOf = (values: readonly Value[]): string =>
  JSON.stringify(values.map(({ key, meaning, preset, values }) => [key, meaning, preset, signatureOf(values)]));

/** One row for values that differ in one name of their path only, as `services.{handle-sync,page-routing}.hosts`. */
function merged(rows: readonly Row[]): Row[] {
  const alike = Object.groupBy(rows, ([path, { meaning, preset }]) => {
    const names = path.split('.');
    return JSON.stringify([names.slice(0, -2), names.at(-1), meaning, preset]);
  });
  return Object.values(alike).flatMap((some = []): Row[] => {
    const [first] = some;
    if (!first || some.length === 1) return some;
    const owners = some.map(([path]) => path.split('.').at(-2));
    const names = first[0].split('.');
    return [[[...names.slice(0, -2), `{${owners.join(',')}}`, names.at(-1)].join('.'), first[1]]];
  });
}

const tableOf = (rows: readonly Row[]): string =>
  [
    '| key=default | meaning |',
    '| --- | --- |',
    ...rows.map(([path, { meaning, preset, values }]) => {
      const shown = values.length > 0 ? path : `${path}=${presetOf(preset)}`;
      return `| \`${cell(shown)}\` | ${cell(meaning)} |`;
    }),
  ].join('\n');

const presetOf = (preset: unknown): string => (typeof preset === 'string' ? preset : JSON.stringify(preset));
const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The variables of a service that its block in the values may set: those that the chart does not set itself. */
interface ServiceVariables {
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
function schemaOf(values: readonly Value[], services: readonly ServiceVariables[]): Schema {
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

/** What the objects are made from: what the contracts and `pagebridge acls` are made from too. */
export interface KafkaSource {
  readonly cards: readonly TopicCard[];
  readonly topicDefinitionsOf: (card: TopicCard) => readonly TopicDefinition[];
  readonly orgAlertsCard: (sourceOrg: string) => TopicCard;
  readonly aclsOf: (cards: readonly TopicCard[], sourceOrgs?: readonly string[]) => readonly Acl[];
}

/** An ACL as Strimzi's KafkaUser has it. */
interface UserAcl {
  readonly resource: { readonly type: string; readonly name: string; readonly patternType: 'literal' | 'prefix' };
  readonly operations: readonly string[];
}

/** Topics and rights as the chart renders them for Strimzi and KEDA; `{sourceOrg}` stands for each org that owns a topic. */
function kafkaObjectsOf({ cards, topicDefinitionsOf, orgAlertsCard, aclsOf }: KafkaSource) {
  const org = 'placeholder';
  const shared = aclsOf(cards);
  const known = new Set(shared.map((acl) => JSON.stringify(acl)));
  const ofOrg = aclsOf(cards, [org]).filter((acl) => !known.has(JSON.stringify(acl)));
  const named = <T>(objects: T): T => JSON.parse(JSON.stringify(objects).replaceAll(org, '{sourceOrg}'));
  return {
    topics: cards.flatMap(topicDefinitionsOf),
    topicsOfOrg: named(topicDefinitionsOf(orgAlertsCard(org))),
    users: usersOf(shared),
    usersOfOrg: named(usersOf(ofOrg)),
    handled: handledBy(shared),
  };
}

function usersOf(acls: readonly Acl[]): Record<string, UserAcl[]> {
  const users: Record<string, Map<string, UserAcl>> = {};
  for (const { who, operation, resourceType: type, resourceName: name, patternType } of acls) {
    const resource = { type, name, patternType: patternType === 'prefixed' ? 'prefix' : patternType } as const;
    users[who] ??= new Map();
    const key = JSON.stringify(resource);
    const operations = [...(users[who].get(key)?.operations ?? []), operation];
    users[who].set(key, { resource, operations });
  }
  return Object.fromEntries(Object.entries(users).map(([who, resources]) => [who, [...resources.values()]]));
}

/** Which topics a service handles in its group: those whose unreadable records it parks. */
function handledBy(acls: readonly Acl[]): Record<string, string[]> {
  const parked = acls.filter(({ operation, resourceName }) => operation === 'Write' && resourceName.endsWith('.dead'));
  const topics = Object.groupBy(parked, ({ who }) => who);
  const names = (all: readonly Acl[] = []) => all.map(({ resourceName }) => resourceName.replace(/\.dead$/, ''));
  return Object.fromEntries(Object.entries(topics).map(([who, all]) => [who, names(all)]));
}

const folder = 'deploy/helm/pagebridge';

/** What the Helm chart has that follows from its commented values, from the services and from the topics; paths are relative to the root. */
export function chartDocuments(root: string, services: readonly ServiceVariables[], kafka: KafkaSource) {
  const read = (file: string) => readFileSync(join(root, folder, file), 'utf8');
  const values = readValues(read('values.yaml'));
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return [
    { path: `${folder}/values.schema.json`, content: json(schemaOf(values, services)) },
    { path: `${folder}/README.md`, content: withValues(read('README.md'), values) },
    { path: `${folder}/files/kafka.json`, content: json(kafkaObjectsOf(kafka)) },
  ];
}
