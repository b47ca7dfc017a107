import { listProblems } from '@pagebridge/service';

export const problems = listProblems({
  'answer-takes-too-long': [422, 'Query takes too long'],
  'dead-letter-unknown': [404, 'Dead letter does not exist'],
  'dead-letters-too-large': [409, 'Dead letters are too large together'],
  'kafka-unavailable': [503, 'Kafka is unavailable'],
  'page-unknown': [404, 'Page does not exist'],
  'replay-busy': [503, 'Another replay is running'],
  'replay-late': [503, 'Reading Kafka took too long'],
  'replay-off': [409, 'Replays are disabled'],
  'replay-unfinished': [503, 'Replay may be incomplete'],
  'too-many-questions': [429, 'Too many concurrent queries'],
  'too-many-streams': [429, 'Too many open streams'],
});
