import { listProblems } from '@pagebridge/service';

/** The problems that only alert-intake answers. */
export const intakeProblems = listProblems({
  'no-integration': [403, 'Token belongs to no integration'],
  'wrong-kind': [403, 'Integration has another kind'],
  'integration-gone': [403, 'Integration was deleted'],
  'not-understood': [400, 'Alert is not valid'],
  'foreign-source-org': [403, 'Alert names another source org'],
  'body-incomplete': [503, 'Body did not arrive in time'],
  overloaded: [503, 'Service is overloaded'],
  'too-many-requests': [429, 'Too many concurrent requests'],
  'too-many-test-pages': [429, 'Too many test pages'],
  'kafka-away': [503, 'Kafka did not confirm the alert'],
});
