import { databaseProblems } from '@pagebridge/database';
import { listProblems } from '@pagebridge/service';

/** The problems of this service alone, and those of its database. What is refused in which case, and its cure, is said where it is decided. */
export const problems = {
  ...databaseProblems,
  ...listProblems({
    'expiry-out-of-range': [400, 'Token expiry is out of range'],
    'if-match-malformed': [400, 'If-Match header is malformed'],
    'own-backup': [400, 'Connection cannot be its own backup'],
    'unknown-backup': [400, 'Backup connection does not exist'],
    'unknown-data-center': [400, 'Data center is unknown'],
    'unknown-integration': [400, 'Integration does not exist'],
    'permission-not-held': [403, 'You cannot grant this permission'],
    'alert-topic-both-first': [409, 'Both topics must be consumed first'],
    'alert-topic-unfit': [409, 'Org alert topic is not usable'],
    'connection-deleting': [409, 'Connection is being deleted'],
    'connection-disabled': [409, 'Connection is disabled'],
    'destination-taken': [409, 'Destination is already connected'],
    'is-backup': [409, 'Connection is used as a backup'],
    'name-taken': [409, 'Name is already used'],
    'slug-taken': [409, 'Slug is already used'],
    'tokens-off': [409, 'API tokens are disabled'],
    'too-many-connections': [409, 'Connection limit is reached'],
    'too-many-integrations': [409, 'Integration limit is reached'],
    'too-many-kept-tokens': [409, 'API token limit is reached'],
    'too-many-tokens': [409, 'API token limit is reached'],
    'if-match-stale': [412, 'Resource version is out of date'],
    'credential-refused': [422, 'Key checks failed'],
    'other-credential': [422, 'Keys differ from stored keys'],
    'seal-unfit': [422, 'Sealed keys are not valid'],
    'if-match-missing': [428, 'If-Match header is required'],
    'limit-reached': [429, 'Too many requests'],
    'destination-bad-answer': [502, 'Destination response is invalid'],
    'destination-unavailable': [503, 'Destination does not respond'],
    'kafka-unavailable': [503, 'Kafka is unavailable'],
  }),
};

export type ProblemCode = keyof typeof problems;
