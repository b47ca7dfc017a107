import { databaseProblems } from '@pagebridge/database';
import { listProblems } from '@pagebridge/service';

/** The problems of this service alone, and those of its database. What is refused in which case, and its cure, is said where it is decided. */
export const problems = {
  ...databaseProblems,
  ...listProblems({
    'expiry-out-of-range': [400, 'The expiry is out of range'],
    'if-match-malformed': [400, 'If-Match is malformed'],
    'own-backup': [400, 'The backup cannot be used'],
    'unknown-backup': [400, 'The backup cannot be used'],
    'unknown-data-center': [400, 'Unknown data center'],
    'unknown-integration': [400, 'Unknown integration'],
    'permission-not-held': [403, 'The maker lacks a permission of the token'],
    'alert-topic-both-first': [409, 'Both topics must be read first'],
    'alert-topic-unfit': [409, 'The org has no such topic'],
    'connection-deleting': [409, 'The connection is being deleted'],
    'connection-disabled': [409, 'The connection is disabled'],
    'destination-taken': [409, 'The destination is connected already'],
    'is-backup': [409, 'It is the backup of others'],
    'name-taken': [409, 'The name is taken'],
    'slug-taken': [409, 'The slug is taken'],
    'tokens-off': [409, 'API tokens are off'],
    'too-many-connections': [409, 'Too many connections'],
    'too-many-integrations': [409, 'Too many integrations'],
    'too-many-kept-tokens': [409, 'Too many tokens'],
    'too-many-tokens': [409, 'Too many tokens'],
    'if-match-stale': [412, 'It has changed'],
    'credential-refused': [422, 'The keys do not pass the checks'],
    'other-credential': [422, 'Other keys'],
    'seal-unfit': [422, 'The seal does not fit'],
    'if-match-missing': [428, 'If-Match is required'],
    'limit-reached': [429, 'Too many requests'],
    'destination-bad-answer': [502, 'The destination gave an invalid answer'],
    'destination-unavailable': [503, 'The destination does not answer'],
    'kafka-unavailable': [503, 'Kafka does not answer'],
  }),
};

export type ProblemCode = keyof typeof problems;
