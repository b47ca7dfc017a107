/** A team handle is 1 to 195 characters of `a-z 0-9 . _ - : /` and does not end in an underscore. */
export const teamHandlePattern = '^[a-z0-9._:/-]{0,194}[a-z0-9.:/-]$';

/** A connection's slug, 1 to 63 characters, qualifies a handle: `@oncall-<slug>/<team handle>`. */
export const slugPattern = '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$';

/** The length of the longest valid text after `@oncall-`: slug, slash, team handle. */
export const maxMentionLength = 63 + 1 + 195;

const prefix = '@oncall-';

/** Returns the handle that people write for a team: `@oncall-core-infra` for `core-infra`. */
export const handleOf = (teamHandle: string): string => prefix + teamHandle;

// These characters may belong to a word, an e-mail address or a URL: no mention starts after one of them.
const precedesNoMention = /[\p{L}\p{N}._\-:/@+%=&?#]/u;
const start = /@oncall-/gi;
const legalRun = /[a-z0-9._:/-]*/iy;

/**
 * Returns the distinct texts after `@oncall-` in a message, lower-cased, in order of first appearance.
 *
 * Each is the longest run of allowed characters, including trailing punctuation: `namesWithin` yields its possible names.
 * A bare `@oncall-` is not a mention. The running time is linear in the length of any text.
 */
export function mentionsIn(text: string): string[] {
  const found: string[] = [];
  start.lastIndex = 0;
  // `test` only sets `lastIndex`; `exec` would also allocate an array with the text.
  while (start.test(text)) {
    const begin = start.lastIndex;
    legalRun.lastIndex = begin;
    legalRun.test(text);
    const end = legalRun.lastIndex;
    start.lastIndex = end;
    if (end === begin || followsWord(text, begin - prefix.length)) continue;
    found.push(text.slice(begin, end).toLowerCase());
  }
  return found.length > 1 ? [...new Set(found)] : found;
}

function followsWord(text: string, index: number): boolean {
  if (index === 0) return false;
  const code = text.charCodeAt(index - 1);
  const isLowSurrogate = code >= 0xdc00 && code <= 0xdfff;
  const before = isLowSurrogate && index > 1 ? text.slice(index - 2, index) : text.charAt(index - 1);
  return precedesNoMention.test(before);
}

/**
 * Yields the possible names of a mention, longest first: the mention, then with trailing `. : / _ -` stripped one at a time.
 *
 * `core-infra.` at the end of a sentence may mean a team `core-infra.` or, more likely, `core-infra`.
 * Names longer than `maxMentionLength` are not yielded.
 */
export function* namesWithin(mention: string): Generator<string> {
  let end = mention.length;
  while (end > 0) {
    if (end <= maxMentionLength) yield mention.slice(0, end);
    if (!/[.:/_-]/.test(mention.charAt(end - 1))) return;
    end -= 1;
  }
}
