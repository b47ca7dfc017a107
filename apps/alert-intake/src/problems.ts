import { listProblems } from '@pagebridge/service';

/** The problems that only alert-intake answers. */
export const intakeProblems = listProblems({
  'no-integration': [403, 'The token is not of an integration'],
  'wrong-kind': [403, 'The integration is of another kind'],
  'integration-gone': [403, 'The integration was deleted'],
  'not-understood': [400, 'The alert cannot be understood'],
  'foreign-source-org': [403, 'The alert names another source org'],
  'body-incomplete': [503, 'The body did not arrive in time'],
  overloaded: [503, 'Too much at once'],
  'too-many-requests': [429, 'Too much at once'],
  'too-many-test-pages': [429, 'Too many test pages'],
  'kafka-away': [503, 'Kafka has not confirmed the alert'],
});
