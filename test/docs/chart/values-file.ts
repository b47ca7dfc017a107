import { isMap, isScalar, type Node, type Pair, parseDocument } from 'yaml';

/** A JSON schema, as far as one is written here. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

/** A key of values.yaml: its meaning and schema are in the comment above it. */
export interface Value {
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
