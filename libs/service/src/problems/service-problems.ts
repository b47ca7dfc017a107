import type { TokenRefusal } from '@pagebridge/access';
import { listProblems } from './problem.ts';

const [invalid, unchecked] = ['The token is not valid', 'Tokens cannot be checked'];

/** Why a token is refused. With 503 the caller is not at fault: it should retry, not fetch another token. */
const ofTokens = {
  'no-token': [401, 'A token is required'],
  malformed: [401, invalid],
  expired: [401, invalid],
  'not-yet-valid': [401, invalid],
  'unknown-issuer': [401, invalid],
  'wrong-audience': [401, invalid],
  'wrong-type': [401, invalid],
  'bad-signature': [401, invalid],
  'unknown-token': [401, invalid],
  revoked: [401, invalid],
  'tokens-off': [401, invalid],
  'issuer-unreachable': [503, unchecked],
  'policy-unusable': [503, unchecked],
  'tokens-stale': [503, unchecked],
} as const satisfies Record<TokenRefusal['reason'], unknown>;

export const tokenProblems = listProblems(ofTokens);

/** The problems that the routes of several services answer. */
export const serviceProblems = listProblems({
  'bad-request': [400, 'Bad Request'],
  'invalid-request': [400, 'Invalid request'],
  'missing-permission': [403, 'A permission is missing'],
  'not-found': [404, 'Not Found'],
  'method-not-allowed': [405, 'Method Not Allowed'],
  'body-too-large': [413, 'Payload Too Large'],
  'unsupported-media-type': [415, 'Unsupported Media Type'],
  'internal-error': [500, 'Internal error'],
  'not-ready': [503, 'Not ready'],
});
