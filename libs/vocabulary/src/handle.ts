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
const legal = /[a-z0-9._:/-]/i;
const legalRun = /[a-z0-9._:/-]*/iy;
// The sentence around a handle may end with these.
const punctuation = /[.:/_-]/;

/**
 * Returns the distinct texts after `@oncall-` in a message, lower-cased, in order of first appearance.
 *
 * Each is the longest run of allowed characters, including trailing punctuation: `namesWithin` yields its possible names.
 * A bare `@oncall-` is not a mention. The running time is linear in the length of any text.
 */
export function mentionsIn(text: string): string[] {
  const found: string[] = [];
  start.lastIndex = 0;
  for (let begin = nextMention(text); begin > 0; begin = nextMention(text)) {
    found.push(text.slice(begin, start.lastIndex).toLowerCase());
  }
  return found.length > 1 ? [...new Set(found)] : found;
}

/** A mention with its place in a text: from its `@` up to `end`. */
export interface MentionSpan {
  readonly start: number;
  readonly end: number;
  /** As `mentionsIn` returns it. */
  readonly mention: string;
}

/** Returns every mention of a message with its place, in order; `mentionsIn` returns the same mentions. */
export function mentionSpans(text: string): MentionSpan[] {
  const found: MentionSpan[] = [];
  start.lastIndex = 0;
  for (let begin = nextMention(text); begin > 0; begin = nextMention(text)) {
    const end = start.lastIndex;
    found.push({ start: begin - prefix.length, end, mention: text.slice(begin, end).toLowerCase() });
  }
  return found;
}

/** Returns where the text after the next `@oncall-` begins, and leaves its end in `start.lastIndex`; 0 if there is no further mention. */
function nextMention(text: string): number {
  // `test` only sets `lastIndex`; `exec` would also allocate an array with the text.
  while (start.test(text)) {
    const begin = start.lastIndex;
    const end = endOfRun(text, begin);
    start.lastIndex = end;
    if (end > begin && !followsWord(text, begin - prefix.length)) return begin;
  }
  return 0;
}

function endOfRun(text: string, begin: number): number {
  legalRun.lastIndex = begin;
  legalRun.test(text);
  return legalRun.lastIndex;
}

/** The place of a handle that is being written: from its `@` up to the end of what stands there of it. */
export interface MentionPlace {
  readonly start: number;
  readonly end: number;
  /** What is written before the caret, lower-cased and without `@oncall-`, of which there may be only a beginning. */
  readonly query: string;
}

/**
 * Returns the place of the handle that is being written at a caret; undefined where `mentionsIn` would see no mention begin.
 *
 * A handle that replaces the place is a mention. Trailing punctuation after the caret is not part of the place.
 */
export function mentionAt(text: string, caret: number): MentionPlace | undefined {
  let begin = caret;
  while (begin > 0 && legal.test(text.charAt(begin - 1))) begin -= 1;
  const at = begin - 1;
  if (text.charAt(at) !== '@' || followsWord(text, at)) return undefined;
  let end = endOfRun(text, caret);
  while (end > caret && punctuation.test(text.charAt(end - 1))) end -= 1;
  return { start: at, end, query: withoutPrefix(text.slice(at, caret).toLowerCase()) };
}

function withoutPrefix(written: string): string {
  if (written.startsWith(prefix)) return written.slice(prefix.length);
  return prefix.startsWith(written) ? '' : written.slice(1);
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
    if (!punctuation.test(mention.charAt(end - 1))) return;
    end -= 1;
  }
}

const recipient = /^@?(oncall-.*)$/is;

/**
 * Returns the distinct texts after `@oncall-` in an alert, first those of its message, then those of its recipients.
 *
 * A recipient is a mention with or without `@`. Other recipients, such as `slack-ops` or an e-mail address, are ignored,
 * because notification rules list recipients of every kind. Takes linear time for any input.
 */
export function mentionsOf(alert: { readonly message: string; readonly recipients?: readonly string[] }): string[] {
  const mentions = mentionsIn(alert.message);
  if (!alert.recipients || alert.recipients.length === 0) return mentions;
  return [...new Set([...mentions, ...alert.recipients.flatMap(mentionOfRecipient)])];
}

function mentionOfRecipient(text: string): string[] {
  const [, handle] = recipient.exec(text.trim()) ?? [];
  return handle ? mentionsIn(`@${handle}`).slice(0, 1) : [];
}
