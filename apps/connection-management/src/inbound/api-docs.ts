import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ProblemAnswer } from './dto/problem-answer.ts';

const meanings = {
  400: 'The request is malformed, or a field, parameter or header is not what it must be.',
  403: 'The caller does not hold what it would give.',
  404: 'There is no such connection or API token in this source org.',
  409: 'The name, slug or destination org is taken in this source org; it has as many connections or API tokens as it may; what is to be removed is the backup of others; the connection is disabled or being deleted; the alert topic cannot be changed yet; or API tokens are off.',
  412: 'If-Match names an older version.',
  413: 'The body is larger than 64 KiB, or 1 MiB of settings.',
  415: 'The body is not JSON.',
  422: 'The keys do not pass the checks; `checks` lists every one with its cure. Nothing was stored.',
  428: 'If-Match is missing.',
  429: 'A limit is reached; may be tried again after Retry-After.',
  500: 'Something failed here; look for the requestId in the logs.',
  502: 'The destination answers oddly; nothing was stored; may be tried again.',
  503: 'The destination or the database does not answer; nothing was stored; may be tried again after Retry-After.',
} as const;

const text = { type: 'string' as const };
/** Of every answer of a route with limits. */
export const limitHeaders = {
  'RateLimit-Policy': {
    description: 'The limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` in `w` seconds.',
    schema: { ...text, example: '"checks";q=30;w=3600' },
  },
  RateLimit: {
    description: 'What is left of them: `r`, and all of it again in `t` seconds.',
    schema: { ...text, example: '"checks";r=29;t=3600' },
  },
};
const retryAfter = { description: 'Seconds until it may be tried again.', schema: { type: 'integer' as const } };

type Status = keyof typeof meanings;
const always: readonly Status[] = [400, 500, 503];

/** Describes the problems a route may answer, 400, 500 and 503 always among them. */
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

/** The problems of a route that reads a body. */
export const ApiBodyProblems = (...statuses: Status[]) => ApiProblems(413, 415, ...statuses);

export const ApiActor = () =>
  ApiHeader({
    name: 'x-actor',
    required: false,
    description: 'For whom it is done, for the audit; needs the permission `audit:on-behalf`.',
  });

export const ApiIfMatch = () =>
  ApiHeader({ name: 'If-Match', required: true, description: 'The ETag of what is changed, as last read.' });

/** Of a route that changes a version the caller has seen, within limits. */
export const ApiChange = (type: Type<unknown>, description: string) =>
  applyDecorators(
    ApiIfMatch(),
    ApiActor(),
    ApiResponse({ status: 200, type, headers: { ...etagHeader, ...limitHeaders }, description }),
  );

export const etagHeader = {
  ETag: { description: 'Strong; send it as If-Match to change this version.', schema: { type: 'string' as const } },
};
