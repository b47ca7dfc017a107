import type { TokenRefusal } from '@pagebridge/access';
import { listProblems } from './problem.ts';

const [invalid, unchecked] = ['Token is not valid', 'Token cannot be checked now'];

/** Why a token is refused. With 503 the caller is not at fault: it should retry, not fetch another token. */
const ofTokens = {
  'no-token': [401, 'Token is required'],
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
  'bad-request': [400, 'Request cannot be read'],
  'invalid-request': [400, 'Request has invalid fields'],
  'missing-permission': [403, 'Permission is missing'],
  'not-found': [404, 'Resource does not exist'],
  'method-not-allowed': [405, 'Method is not allowed'],
  'body-too-large': [413, 'Request body is too large'],
  'unsupported-media-type': [415, 'Content type is not supported'],
  'internal-error': [500, 'Request failed unexpectedly'],
  'not-ready': [503, 'Service is not ready'],
});
