import type { Credential } from '@pagebridge/sealed-credentials';
import type { Failure, FailureCause, FailureKind } from '../result.ts';
import { authorOf, errorDetail, isMissingPermission, oneLine } from './error-detail.ts';
import type { Answer, Broken } from './exchange.ts';
import { retryAfterMsOf } from './rate-limit.ts';

/** Returns the failure for an answer other than 2xx. `call` is method and path; `clean` removes the credential from a text. */
export function failureOfAnswer(call: string, answer: Answer, clean: (text: string) => string, now: number): Failure {
  const { status, headers, body } = answer;
  const [kind, cause] = meaningOf(status, body);
  const retryAfterMs = retryAfterMsOf(status, headers, now);
  return {
    kind,
    cause,
    status,
    detail: `${call} answered ${status}: ${errorDetail(clean(body))}`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    sent: true,
  };
}

/** Returns the failure for a call without an answer, which can always be retried. */
export function failureOfBroken(call: string, broken: Broken, clean: (text: string) => string): Failure {
  const { cause, detail, sent } = broken;
  return { kind: 'retry', cause, detail: `${call} got no answer: ${oneLine(clean(detail))}`, sent };
}

/** Returns the failure for a 2xx answer without its value: the call may have had its effect. */
export function badAnswer(call: string, status: number, complaint: string): Failure {
  const detail = `${call} answered ${status}, but ${complaint}`;
  return { kind: 'retry', cause: 'bad-answer', status, detail, sent: true };
}

/** Returns the failure for a request that cannot be sent; undefined if it can. */
export function unsendable(call: () => string, path: readonly string[], credential: Credential): Failure | undefined {
  // A host may resolve `.` and `..` in a path, so that such an id would reach another endpoint.
  if (path.some((segment) => /^\.{0,2}$/.test(segment)))
    return { kind: 'permanent', cause: 'not-found', detail: `${call()} has an invalid id`, sent: false };
  if (sendable.test(credential.apiKey) && sendable.test(credential.applicationKey)) return undefined;
  const detail = `${call()} was not sent: a key is empty or has characters that are not allowed in a header`;
  return { kind: 'credential', cause: 'unauthorized', detail, sent: false };
}

const sendable = /^[\x21-\x7e]{1,4096}$/;

function meaningOf(status: number, body: string): readonly [FailureKind, FailureCause] {
  if (status === 429) return ['retry', 'rate-limited'];
  if (status === 408) return ['retry', 'timeout'];
  if (status === 425 || status >= 500) return ['retry', 'server'];
  // A redirect comes from a proxy, not from the destination, and may be temporary.
  if (status < 400) return ['retry', 'redirect'];
  const author = authorOf(body);
  // The destination checks keys at its edge.
  if (status === 401 && author) return ['credential', 'unauthorized'];
  if (status === 403 && author) return ['credential', isMissingPermission(body) ? 'missing-permission' : 'forbidden'];
  // Any other answer shows only that the request did not reach its service, which may be temporary.
  if (author !== 'service') return ['retry', 'server'];
  return status === 404 ? ['permanent', 'not-found'] : ['permanent', 'rejected'];
}
