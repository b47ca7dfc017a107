import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ApiProblems as ApiProblemKinds, eventStream } from '@pagebridge/service';
import { type ProblemCode, problems } from '../application/problems.ts';

const text = { type: 'string' as const };
/** The headers of every answer of a route with rate limits. */
export const limitHeaders = {
  'RateLimit-Policy': {
    description: 'Limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` requests in `w` seconds.',
    schema: { ...text, example: '"checks";q=30;w=3600' },
  },
  RateLimit: {
    description: 'Remaining requests of each limit (`r`), and seconds until the limit resets (`t`).',
    schema: { ...text, example: '"checks";r=29;t=3600' },
  },
};
const retryAfter = { description: 'Seconds to wait before a retry.', schema: { type: 'integer' as const } };

/** The problems of routes that read, that change something, that need `If-Match`, and that check keys. */
export const reading = ['database-unavailable'] as const;
export const changing = [...reading, 'database-answer-lost'] as const;
export const versioned = ['if-match-missing', 'if-match-malformed', 'if-match-stale'] as const;
export const checking = ['unknown-data-center', 'destination-bad-answer', 'destination-unavailable'] as const;

/** Documents the problems that a route answers by itself. */
export const ApiProblems = (...codes: readonly ProblemCode[]) =>
  applyDecorators(
    ApiProblemKinds(...codes.map((code) => problems[code])),
    ...(codes.includes('limit-reached')
      ? [ApiResponse({ status: 429, headers: { ...limitHeaders, 'Retry-After': retryAfter } })]
      : []),
  );

export const ApiActor = () =>
  ApiHeader({
    name: 'x-actor',
    required: false,
    description: 'Person on whose behalf the caller acts, for the audit. Requires the permission `audit:on-behalf`.',
  });

export const ApiIfMatch = () =>
  ApiHeader({ name: 'If-Match', required: true, description: 'ETag of the resource, as last read.' });

/** Documents a route that changes a version that the caller has read, within rate limits. */
export const ApiChange = (type: Type<unknown>, description: string) =>
  applyDecorators(
    ApiIfMatch(),
    ApiActor(),
    ApiResponse({ status: 200, type, headers: { ...etagHeader, ...limitHeaders }, description }),
  );

const events = {
  schema: {
    ...text,
    description:
      'Returned if `accept` prefers it. Events: `check` with a CheckAnswer for each finished check, then `result` with ' +
      '`{ "status", "headers", "body" }`, which is the normal response. A request that is rejected before the first check gets the ' +
      'normal response. Closing the connection does not cancel the change.',
    example:
      'event: check\ndata: {"name":"api-key","result":"passed","detail":"the destination accepts the API key"}\n\n',
  },
};

/** Documents the answer of a route that checks keys, whole or as events. A stream always has the status 200. */
export const ApiChecks = (status: 200 | 201, type: Type<unknown>, description: string) => {
  const its = { headers: { ...etagHeader, ...limitHeaders }, description };
  const json = { 'application/json': { schema: { $ref: getSchemaPath(type) } } };
  const streamed = { [eventStream]: events };
  return applyDecorators(
    ApiExtraModels(type),
    ApiResponse({ status, ...its, content: status === 200 ? { ...json, ...streamed } : json }),
    ...(status === 200 ? [] : [ApiResponse({ status: 200, description: 'The checks as events.', content: streamed })]),
  );
};

export const etagHeader = {
  ETag: {
    description: 'Strong ETag. Send it as If-Match to change this version.',
    schema: { type: 'string' as const },
  },
};
