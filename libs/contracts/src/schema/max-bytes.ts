import {
  alertKeyPattern,
  dataCenterNamePattern,
  integrationPattern,
  orgIdPattern,
  slugPattern,
  teamHandlePattern,
} from '@pagebridge/vocabulary';
import type { TSchema } from 'typebox';
import { linePattern, pageIdPattern, recordPattern } from './fields.ts';

/** The JSON Schema keywords that matter for the size. */
interface Bounds {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Bounds;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Bounds>>;
  readonly oneOf?: readonly Bounds[];
}

/**
 * Returns the maximum size in bytes of a value of this schema as JSON; infinite if a part has no bound.
 *
 * Fields that the schema does not define are not counted.
 */
export const maxBytesOf = (schema: TSchema): number => most(schema as Bounds);

function most(schema: Bounds): number {
  const { type, oneOf, properties = {}, items, maxItems, maxLength, minimum, maximum } = schema;
  if (schema.const !== undefined) return written(schema.const);
  if (schema.enum) return Math.max(...schema.enum.map(written));
  if (oneOf) return Math.max(...oneOf.map(most));
  switch (type) {
    case 'boolean':
      return written(false);
    case 'integer':
      return minimum === undefined || maximum === undefined ? infinite : Math.max(written(minimum), written(maximum));
    case 'string':
      return written('') + (maxLength ?? infinite) * bytesPerCharacter(schema);
    case 'array':
      return items ? written([]) + (maxItems ?? infinite) * (most(items) + 1) : infinite;
    case 'object':
      return Object.entries(properties).reduce((sum, [name, field]) => sum + written({ [name]: '' }) + most(field), 2);
    default:
      return infinite;
  }
}

const infinite = Number.POSITIVE_INFINITY;
const written = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

// JSON escapes a control character or a lone surrogate as six bytes; any other character takes at most four.
const escaped = 6;
const printable = 4;
const ascii = 1;

const printablePatterns = [alertKeyPattern, linePattern];
const asciiPatterns = [
  integrationPattern,
  orgIdPattern,
  slugPattern,
  teamHandlePattern,
  dataCenterNamePattern,
  pageIdPattern,
  recordPattern,
];
const asciiFormats = ['uuid', 'uri', 'date-time'];

function bytesPerCharacter({ format = '', pattern = '' }: Bounds): number {
  if (asciiFormats.includes(format) || asciiPatterns.includes(pattern)) return ascii;
  return printablePatterns.includes(pattern) ? printable : escaped;
}
