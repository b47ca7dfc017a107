import { listProblems } from '@pagebridge/service';

/** The problems that the gateway itself answers; all others are those of the services behind it. */
export const gatewayProblems = listProblems({
  'signed-out': [401, 'You are signed out'],
  'session-too-large': [401, 'Login tokens are too large'],
  'login-refused': [403, 'Login was rejected'],
  'session-over': [401, 'You are signed out'],
  'login-loop': [401, 'Login repeats without success'],
  'login-expired': [401, 'Login has expired'],
  'token-unusable': [401, 'Login returned no usable token'],
  'service-away': [502, 'Service does not respond'],
  'answer-lost': [502, 'Response was lost'],
  'other-person': [409, 'Another person is signed in'],
  'length-required': [411, 'Content-Length is required'],
  'session-renew': [401, 'Session must be renewed'],
  'token-not-taken': [400, 'Console does not accept tokens'],
  'foreign-page': [403, 'Request is not from the console'],
  'issuer-unreachable': [503, 'Login service does not respond'],
});
