import { beginningOf, listIn, objectIn, parsed, textIn } from './json.ts';

const longest = 300;
// Enough for every documented error; the rest of a long HTML page is ignored.
const maxReadLength = 8192;

/**
 * Returns a readable line from an error body of any form: string or object `errors`, plain text, HTML, nothing.
 *
 * At most 300 characters, without control characters. Ignores the content type, which may be wrong.
 */
export function errorDetail(body: string): string {
  const text = body.slice(0, maxReadLength).trim();
  if (text === '') return 'no body';
  return oneLine(jsonDetail(body) ?? htmlDetail(text) ?? text);
}

/** Returns whether an error body says that the key is valid but its role or scopes lack a permission. */
export const isMissingPermission = (body: string): boolean =>
  /failed permission authorization checks/i.test(body.slice(0, maxReadLength));

/**
 * Returns who wrote an error body. A service of the destination answers with a JSON list of errors. The destination's edge adds a
 * `code` to the list, and answers an unknown route or a wrong host with `["Not found"]`. Undefined for any other form: the body is
 * from a proxy, a firewall or an ingress in front of the destination.
 */
export function authorOf(body: string): 'service' | 'edge' | undefined {
  const answer = objectIn(parsed(body));
  const errors = listIn(answer?.errors) ?? [];
  if (errors.length === 0 || errors.some((error) => describe(error).length === 0)) return undefined;
  return answer?.code !== undefined || errors[0] === 'Not found' ? 'edge' : 'service';
}

/** Returns a text as one line of bounded length. */
export function oneLine(text: string): string {
  const line = text
    .slice(0, maxReadLength)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return line.length <= longest ? line : `${beginningOf(line, longest - 1).toWellFormed()}…`;
}

function jsonDetail(text: string): string | undefined {
  const body = objectIn(parsed(text));
  if (!body) return undefined;
  const errors = (listIn(body.errors) ?? []).slice(0, 20).flatMap(describe);
  return errors.length > 0 ? errors.join('; ') : (textIn(body.message) ?? textIn(body.error));
}

function describe(error: unknown): string[] {
  if (typeof error === 'string') return [error];
  const fields = objectIn(error);
  if (!fields) return [];
  const source = objectIn(fields.source) ?? {};
  const where = textIn(source.pointer) ?? textIn(source.parameter) ?? textIn(source.header);
  const summary = [textIn(fields.title), textIn(fields.detail)].filter((part) => part !== undefined).join(': ');
  return [where ? `${summary} (${where})` : summary || (textIn(fields.code) ?? '')].filter((line) => line !== '');
}

function htmlDetail(text: string): string | undefined {
  if (!text.startsWith('<')) return undefined;
  const title = /<title>([^<]*)/i.exec(text)?.[1]?.trim();
  return `HTML page "${title || text.replace(/<[^<>]*>/g, ' ').trim()}"`;
}
