import { randomInt } from 'node:crypto';
import { notJson } from '../problems/not-json.ts';
import { Problem } from '../problems/problem.ts';
import { serviceProblems } from '../problems/service-problems.ts';
import { invalid } from './validation.ts';

/** The limits of a JSON body, which are checked before it is parsed. */
export interface BodyLimits {
  /** Brackets and commas outside strings: about as many as the body has values. */
  readonly values: number;
  /** Colons outside strings: fields of objects. */
  readonly fields?: number;
  /** Different names of fields, about: each takes many times as long as a name that was seen before. */
  readonly names?: number;
}

// The code that follows is recursive in places, and no valid body is nested deeper.
const maxLevels = 32;

/**
 * Returns the value of a JSON body in UTF-8. Throws a Problem that names the mistake.
 *
 * A parser needs up to a microsecond for each value, and the code that follows needs more. Without a limit, a body of a few kilobytes
 * in gzip would block the process for seconds.
 */
export function jsonOf(bytes: Uint8Array, contentType: string | undefined, limits: BodyLimits): unknown {
  requireUtf8(contentType);
  const excess = excessOf(bytes, limits);
  if (excess !== undefined) throw tooMuch(excess);
  const value = parsed(decoded(bytes));
  if (typeof value === 'object' && value !== null) return value;
  throw badBody(notJson(''), 'Send one JSON object.');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw badBody(notJson((error as Error).message), 'Send one JSON object.');
  }
}

function requireUtf8(contentType = ''): void {
  const [, charset = 'utf-8'] = /charset="?([^\s;"]+)/i.exec(contentType) ?? [];
  if (/^utf-?8$/i.test(charset)) return;
  const detail = `The body uses the charset ${charset}. Send UTF-8.`;
  throw new Problem({ ...serviceProblems['unsupported-media-type'], detail });
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw badBody('The body is not UTF-8.', 'Send UTF-8.');
  }
}

const [quote, comma, colon, backslash] = [0x22, 0x2c, 0x3a, 0x5c];
const [openArray, closeArray, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

// Unknown to whoever chooses names.
const factor = randomInt(2 ** 31) * 2 + 1;
const slots = 8192;

/** Returns what a JSON text has too much of. */
function excessOf(
  bytes: Uint8Array,
  { values: maxValues, fields: maxFields = maxValues, names: maxNames = maxValues }: BodyLimits,
) {
  let [values, fields, names, levels, hash] = [0, 0, 0, 0, 0];
  const seen = new Uint8Array(slots);
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) {
      at += 1;
      for (hash = 0; at < bytes.length && bytes[at] !== quote; at += bytes[at] === backslash ? 2 : 1) {
        hash = Math.imul(hash ^ (bytes[at] ?? 0), factor);
      }
    } else if (byte === openArray || byte === openObject) {
      values += 1;
      levels += 1;
      if (levels > maxLevels) return `is nested more than ${maxLevels} levels deep`;
    } else if (byte === closeArray || byte === closeObject) levels -= 1;
    else if (byte === comma) values += 1;
    else if (byte === colon) {
      const slot = hash >>> 19;
      if (seen[slot] === 0) names += 1;
      seen[slot] = 1;
      fields += 1;
    }
    if (values > maxValues) return `has more than ${maxValues} values`;
    if (names > maxNames) return `has more than ${maxNames} names of fields`;
    if (fields > maxFields) return `has more than ${maxFields} fields`;
  }
  return undefined;
}

const tooMuch = (excess: string): Problem =>
  invalid([
    {
      field: 'body',
      message: `the body ${excess}`,
      cure: 'Send less data per request; see the limits in docs/http.md.',
    },
  ]);

const badBody = (detail: string, cure: string): Problem =>
  new Problem({ ...serviceProblems['bad-request'], detail, errors: [{ field: 'body', message: detail, cure }] });
