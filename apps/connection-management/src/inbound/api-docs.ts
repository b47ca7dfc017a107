import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ProblemAnswer } from './dto/problem-answer.ts';

const meanings = {
  400: 'The request is malformed, or a field, parameter or header is invalid.',
  403: 'The caller does not hold a permission that it would give.',
  404: 'This source org has no such connection or API token.',
  409: 'The name, slug or destination org is taken in this source org; the source org has the maximum number of connections or API tokens; the connection is the backup of others, is disabled or is being deleted; the alert topic cannot be changed yet; or API tokens are off.',
  412: 'If-Match names an older version.',
  413: 'The body is larger than 64 KiB (settings: 1 MiB).',
  415: 'The body is not JSON.',
  422: 'The keys do not pass the checks; `checks` lists every check with its cure. Nothing was stored.',
  428: 'If-Match is missing.',
  429: 'A limit is reached; retry after Retry-After.',
  500: 'An internal error; search the logs for the requestId.',
  502: 'The destination gave an invalid answer; nothing was stored; a retry may succeed.',
  503: 'The destination, Kafka or the database does not answer, or the database refuses the request; nothing was stored, except perhaps with the code `database-answer-lost`; retry after Retry-After.',
} as const;

const text = { type: 'string' as const };
/** The headers of every answer of a route with rate limits. */
export const limitHeaders = {
  'RateLimit-Policy': {
    description: 'The limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` in `w` seconds.',
    schema: { ...text, example: '"checks";q=30;w=3600' },
  },
  RateLimit: {
    description: 'What is left of each limit (`r`), and the seconds until all of it is available again (`t`).',
    schema: { ...text, example: '"checks";r=29;t=3600' },
  },
};
const retryAfter = { description: 'Seconds to wait before a retry.', schema: { type: 'integer' as const } };

type Status = keyof typeof meanings;
const always: readonly Status[] = [400, 500, 503];

/** Documents the problems that a route may answer, always including 400, 500 and 503. */
export const ApiProblems = (...statuses: Status[]) =>
  applyDecorators(
    ApiExtraModels(ProblemAnswer),
    ...[...new Set([...statuses, ...always])].map((status) =>
      ApiResponse({
        status,
        description: meanings[status],
        ...(status === 429 ? { headers: { ...limitHeaders, 'Retry-After': retryAfter } } : {}),
        content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemAnswer) } } },
      }),
    ),
  );

/** Documents the problems of a route that reads a body. */
export const ApiBodyProblems = (...statuses: Status[]) => ApiProblems(413, 415, ...statuses);

export const ApiActor = () =>
  ApiHeader({
    name: 'x-actor',
    required: false,
    description: 'On whose behalf the caller acts, for the audit; requires the permission `audit:on-behalf`.',
  });

export const ApiIfMatch = () =>
  ApiHeader({ name: 'If-Match', required: true, description: 'The ETag of the resource, as last read.' });

/** Documents a route that changes a version that the caller has read, within rate limits. */
export const ApiChange = (type: Type<unknown>, description: string) =>
  applyDecorators(
    ApiIfMatch(),
    ApiActor(),
    ApiResponse({ status: 200, type, headers: { ...etagHeader, ...limitHeaders }, description }),
  );

export const etagHeader = {
  ETag: { description: 'Strong; send it as If-Match to change this version.', schema: { type: 'string' as const } },
};
