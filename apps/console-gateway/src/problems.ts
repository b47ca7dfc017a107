import { listProblems } from '@pagebridge/service';

/** The problems that the gateway itself answers; all others are those of the services behind it. */
export const gatewayProblems = listProblems({
  'signed-out': [401, 'Signed out'],
  'session-too-large': [401, 'This login is too large'],
  'login-refused': [403, 'The login was refused'],
  'session-over': [401, 'Signed out'],
  'login-loop': [401, 'Signed in, and asked to sign in again'],
  'login-expired': [401, 'This login is no longer known'],
  'token-unusable': [401, 'The login gave no token for Pagebridge'],
  'service-away': [502, 'A service is away'],
  'length-required': [411, 'Length Required'],
  'session-renew': [401, 'The session must be renewed'],
  'token-not-taken': [400, 'The console takes no token'],
  'foreign-page': [403, 'Not sent by the console'],
  'issuer-unreachable': [503, 'The login service does not answer'],
});
