import type { BodyShape, Fault } from '../domain/faults.ts';
import { type Answer, json, jsonApi, objectError, ok, textErrors } from './answer.ts';

type ErrorFault = Extract<Fault, { kind: 'error' }>;

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  408: 'Request Timeout',
  429: 'Too many requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** Returns the answer that replaces the call; undefined for a fault that executes the call. */
export function replyInstead(fault: Fault): Answer | undefined {
  if (fault.kind === 'error') return errorReply(fault);
  if (fault.kind === 'redirect') return { status: fault.status, headers: { location: fault.location } };
  if (fault.kind === 'rate-limited') return tooManyRequests;
  if (fault.kind === 'html') return { status: 200, ...shapes.html(200, ['Please sign in']) };
  return undefined;
}

export const tooManyRequests = textErrors(429, 'Too many requests');

function errorReply(fault: ErrorFault): Answer {
  const errors = fault.errors ?? [titles[fault.status] ?? `Error ${fault.status}`];
  const { body, contentType } = shapes[fault.body](fault.status, errors);
  const type = fault.contentType ?? contentType;
  const { headers } = fault;
  return {
    status: fault.status,
    body,
    ...(type === undefined ? {} : { contentType: type }),
    ...(headers && { headers }),
  };
}

type Shaped = Pick<Answer, 'body' | 'contentType'>;

const shapes: Readonly<Record<BodyShape, (status: number, errors: readonly string[]) => Shaped>> = {
  'string-array': (status, errors) => textErrors(status, ...errors),
  'object-array': (status, [detail = '', ...more]) =>
    objectError(status, titles[status] ?? 'Error', [detail, ...more].join('; ')),
  edge: (status, errors) => ({
    body: { status: 'error', code: status, errors, email: 'support@example.com' },
    contentType: json,
  }),
  text: (_status, errors) => ({ body: errors.join('\n'), contentType: 'text/plain' }),
  html: (status, errors) => ({
    body: `<html><head><title>${status} ${errors[0] ?? ''}</title></head><body><h1>${errors.join('<br>')}</h1></body></html>`,
    contentType: 'text/html',
  }),
  empty: () => ({}),
};

/** Returns the corrupted reply of a call that was executed. */
export function spoiled(fault: Fault, answer: Answer): Answer {
  if (fault.kind === 'empty') return { status: 200 };
  if (fault.kind === 'huge-id') return ok({ data: { id: 'f'.repeat(1_000_000), type: 'pages' } });
  if (fault.kind === 'malformed-json') return { status: 200, body: '{"data":{"id":', contentType: jsonApi };
  return answer;
}
