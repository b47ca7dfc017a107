import { listIn, objectIn, parsed, textIn } from './json.ts';

const longest = 300;
// Enough for every documented error; an HTML page is not searched further than this.
const longestRead = 8192;

/**
 * One readable line out of an error body of any shape: string or object `errors`, plain text, HTML, nothing.
 *
 * At most 300 characters, without control characters. It ignores the content type, which may be wrong.
 */
export function errorDetail(body: string): string {
  const text = body.slice(0, longestRead).trim();
  if (text === '') return 'no body';
  return oneLine(jsonDetail(body) ?? htmlDetail(text) ?? text);
}

/** True when the destination says that the key is valid but its role, or its scopes, lack a permission. */
export const saysMissingPermission = (body: string): boolean =>
  /failed permission authorization checks/i.test(body.slice(0, longestRead));

/** Any text as one bounded line. */
export function oneLine(text: string): string {
  const line = text
    .slice(0, longestRead)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1).toWellFormed()}…`;
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
  const said = [textIn(fields.title), textIn(fields.detail)].filter((part) => part !== undefined).join(': ');
  return [where ? `${said} (${where})` : said || (textIn(fields.code) ?? '')].filter((line) => line !== '');
}

function htmlDetail(text: string): string | undefined {
  if (!text.startsWith('<')) return undefined;
  const title = /<title>([^<]*)/i.exec(text)?.[1]?.trim();
  return `HTML page "${title || text.replace(/<[^<>]*>/g, ' ').trim()}"`;
}
