import type { Problem } from './problem.ts';
import type { Code } from './problem-codes.ts';

/** What a person can do about a problem: a button, a link, or a text to copy. */
export type Cure =
  | 'read-again'
  | 'sign-in'
  | 'reload'
  | { readonly to: '/o/$org/connections' | '/o/$org/tokens'; readonly word: string }
  | { readonly copy: string; readonly what: string };

interface Words {
  /** Replaces what the service says; only where that speaks of requests. */
  readonly text?: (problem: Problem) => string;
  readonly cure?: Cure | ((problem: Problem, org: string) => Cure);
}

const each = <C extends Code>(words: Words, ...codes: readonly C[]): Record<C, Words> =>
  Object.fromEntries(codes.map((code) => [code, words])) as Record<C, Words>;

const seeConnections: Cure = { to: '/o/$org/connections', word: 'Connections' };
const report = ({ requestId = '' }: Problem): Cure => ({ copy: requestId, what: 'the request id' });
const mistake: Words = {
  text: ({ detail }) => `The console sent an invalid request. This is a bug: please report it. ${detail}`,
  cure: report,
};

const theCommand: Words = { cure: ({ errors: [first] }) => ({ copy: first?.cure ?? '', what: 'the command' }) };

const words: Record<Code, Words> = {
  // The service's own sentences say all, and what they ask for is on the screen or comes by itself.
  ...each({}, 'invalid-request', 'not-found', 'body-too-large', 'not-ready', 'policy-unusable', 'issuer-unreachable'),
  ...each({}, 'tokens-stale', 'alert-topic-both-first', 'credential-refused', 'other-credential', 'changes-not-read'),
  ...each({}, 'database-unavailable', 'destination-bad-answer', 'destination-unavailable', 'expiry-out-of-range'),
  ...each({}, 'name-taken', 'slug-taken', 'own-backup', 'unknown-backup', 'unknown-data-center', 'permission-not-held'),
  ...each({}, 'too-many-kept-tokens', 'service-away', 'seal-unfit', 'kafka-unavailable', 'session-too-large'),
  ...each({}, 'destination-taken', 'unknown-integration', 'too-many-integrations', 'page-unknown'),
  ...each({}, 'too-many-streams', 'dead-letter-unknown', 'replay-busy', 'replay-unfinished', 'kafka-away'),
  ...each({}, 'answer-takes-too-long', 'too-many-questions'),
  ...each({ cure: 'sign-in' }, 'no-token', 'malformed', 'expired', 'not-yet-valid', 'unknown-issuer', 'wrong-audience'),
  ...each({ cure: 'sign-in' }, 'wrong-type', 'bad-signature', 'unknown-token', 'revoked', 'session-renew'),
  ...each({ cure: 'sign-in' }, 'signed-out', 'session-over', 'login-refused'),
  ...each(mistake, 'bad-request', 'method-not-allowed', 'unsupported-media-type'),
  ...each(mistake, 'if-match-missing', 'if-match-malformed', 'foreign-page', 'length-required', 'token-not-taken'),
  ...each(theCommand, 'dead-letters-too-large', 'replay-late', 'replay-off'),
  ...each({ cure: seeConnections }, 'is-backup', 'too-many-connections'),
  ...each({ cure: 'read-again' }, 'answer-lost', 'console-answer-lost', 'console-unreadable'),
  'other-person': { cure: 'reload' },
  'internal-error': { cure: report },
  'if-match-stale': { cure: 'read-again' },
  'missing-permission': {
    cure: ({ permission }, org) => ({ copy: `${permission} in ${org}`, what: 'the permission' }),
  },
  'alert-topic-unfit': {
    cure: (_problem, org) => ({ copy: `pagebridge topics create --org ${org}`, what: 'the command' }),
  },
  'tokens-off': { cure: { copy: 'ACCESS_TOKENS=on', what: 'the setting' } },
  'too-many-tokens': {
    text: ({ detail }) => detail.replace(/Revoke .*$/, 'Revoke tokens that are no longer used.'),
    cure: { to: '/o/$org/tokens', word: 'API tokens' },
  },
  'too-many-test-pages': { text: ({ detail }) => detail.replace(/ Retry in \d+ s\.$/, '') },
  'limit-reached': { text: ({ detail }) => detail.replace(/ Retry in \d+ s\.$/, '') },
  'database-answer-lost': {
    text: () => 'The database did not respond in time. The change may have been stored.',
    cure: 'read-again',
  },
  'connection-disabled': { text: () => 'The connection is disabled, so it is not synced. Enable it first.' },
  'connection-deleting': {
    text: () => 'The connection is being deleted: its open pages are being resolved. Wait until this is done.',
    cure: seeConnections,
  },
};

/** Returns the words and the cure of a problem; of one that the console does not know, the service's own words. */
export function wordsOf(problem: Problem, org: string): { readonly text: string; readonly cure: Cure | undefined } {
  const { text, cure } = Object.hasOwn(words, problem.code) ? words[problem.code as Code] : {};
  return {
    text: text?.(problem) ?? problem.detail,
    cure: typeof cure === 'function' ? cure(problem, org) : cure,
  };
}
