/** What a service says of one field: why it is wrong or has no effect, and what to do. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
  readonly cure?: string;
}

/** Returns what is said of a field as sentences that stand beside it, without the name that it has in the API. */
export function sentencesOf({ field, message, cure = '' }: FieldError): string {
  const its = message.replace(`${field}: `, '').replace(`${field} `, 'it ');
  return `${its.charAt(0).toUpperCase()}${its.slice(1)}. ${cure}`.trimEnd();
}

/** A refusal or a failure, in the members of the services' problem+json (RFC 9457), bounded to what the console shows. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  /** The service that did not answer. */
  readonly service?: string;
  readonly permission?: string;
  readonly connectionId?: string;
  readonly limit?: string;
  /** When the same request may succeed, in milliseconds. */
  readonly retryAt?: number;
  readonly requestId?: string;
}

/** What every failed request throws. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function fieldErrorOf(value: unknown): FieldError[] {
  if (!isObject(value)) return [];
  const cure = text(value.cure);
  return [{ field: text(value.field) ?? '', message: text(value.message) ?? '', ...(cure ? { cure } : {}) }];
}

/** Returns the problem in the body of an answer, whatever that body is. */
export function problemOf(status: number, body: unknown, now = Date.now()): Problem {
  const its = isObject(body) ? body : {};
  const optional = ['service', 'permission', 'connectionId', 'limit', 'requestId'] as const;
  return {
    status,
    code: text(its.code) ?? `http-${status}`,
    title: text(its.title) ?? `Request failed (${status})`,
    detail: text(its.detail) ?? `The service responded with status ${status} and gave no reason.`,
    errors: Array.isArray(its.errors) ? its.errors.slice(0, 100).flatMap(fieldErrorOf) : [],
    ...Object.fromEntries(optional.flatMap((name) => (text(its[name]) ? [[name, text(its[name])]] : []))),
    ...(typeof its.retryAfterMs === 'number' ? { retryAt: now + its.retryAfterMs } : {}),
  };
}

/** The problem of a request that got no answer at all. */
export const unreachable: Problem = {
  status: 0,
  code: 'console-unreachable',
  title: 'No response',
  detail: 'The console is unreachable: this browser is offline, or console-gateway does not respond.',
  errors: [],
};

/** The problem of a change that got no answer. */
export const answerLost: Problem = {
  status: 0,
  code: 'console-answer-lost',
  title: 'Response was lost',
  detail:
    'No response: this browser is offline, or console-gateway does not respond. The change may have been made: check before you retry.',
  errors: [],
};

/** The problem of a request whose answer came, but not as the service has written it. */
export const unreadable: Problem = {
  status: 0,
  code: 'console-unreadable',
  title: 'Response cannot be read',
  detail:
    'The response could not be read: it was cut off, or a proxy replaced it. A change may have been stored: check before you retry.',
  errors: [],
};

/** Returns the problem of whatever was thrown. A request that was aborted is no problem, and is thrown again. */
export function problemIn(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof DOMException && error.name === 'AbortError') throw error;
  return unreachable;
}

/** Returns whether a later try may succeed without anybody's doing. */
export const isTemporary = ({ status }: Problem): boolean => status === 0 || status === 429 || status >= 500;
