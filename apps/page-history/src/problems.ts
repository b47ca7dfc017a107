import { listProblems } from '@pagebridge/service';

export const problems = listProblems({
  'answer-takes-too-long': [422, 'Reading takes too long'],
  'dead-letter-unknown': [404, 'Dead letter unknown'],
  'dead-letters-too-large': [409, 'Too much at once'],
  'kafka-unavailable': [503, 'Kafka does not answer'],
  'page-unknown': [404, 'Page unknown'],
  'replay-busy': [503, 'Another preview or replay runs'],
  'replay-late': [503, 'Kafka could not be read in time'],
  'replay-off': [409, 'Dead letters are not sent again here'],
  'replay-unfinished': [503, 'Some dead letters may have been sent'],
  'too-many-questions': [429, 'Too many searches and traces'],
  'too-many-streams': [429, 'Too many streams'],
});
