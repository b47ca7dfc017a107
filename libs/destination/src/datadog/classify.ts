import type { Credential } from '@pagebridge/sealed-credentials';
import type { Failure, FailureCause, FailureKind } from '../result.ts';
import { errorDetail, oneLine, saysMissingPermission } from './error-detail.ts';
import type { Answer, Broken } from './exchange.ts';
import { retryAfterMsOf } from './rate-limit.ts';

/** What an answer other than 2xx means. `call` is its method and path, `clean` takes the credential out of a text. */
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

/** What it means that no answer came: always worth another try. */
export function failureOfBroken(call: string, broken: Broken, clean: (text: string) => string): Failure {
  const { cause, detail, sent } = broken;
  return { kind: 'retry', cause, detail: `${call} got no answer: ${oneLine(clean(detail))}`, sent };
}

/** A success that does not say what it should: the call may have had its effect, and another try may be understood. */
export function badAnswer(call: string, status: number, complaint: string): Failure {
  const detail = `${call} answered ${status}, but ${complaint}`;
  return { kind: 'retry', cause: 'bad-answer', status, detail, sent: true };
}

/** Why a request cannot be put on the wire at all; undefined where it can. */
export function unsendable(call: () => string, path: readonly string[], credential: Credential): Failure | undefined {
  // A host may resolve dots in a path, and an id made of them would then reach another endpoint.
  if (path.some((segment) => /^\.{0,2}$/.test(segment)))
    return { kind: 'permanent', cause: 'not-found', detail: `${call()} has an unusable id`, sent: false };
  if (sendable.test(credential.apiKey) && sendable.test(credential.applicationKey)) return undefined;
  const detail = `${call()} was not sent: a key is empty or has characters that no header can carry`;
  return { kind: 'credential', cause: 'unauthorized', detail, sent: false };
}

const sendable = /^[\x21-\x7e]{1,4096}$/;

function meaningOf(status: number, body: string): readonly [FailureKind, FailureCause] {
  if (status === 429) return ['retry', 'rate-limited'];
  if (status === 408) return ['retry', 'timeout'];
  if (status === 425 || status >= 500) return ['retry', 'server'];
  if (status === 401) return ['credential', 'unauthorized'];
  if (status === 403) return ['credential', saysMissingPermission(body) ? 'missing-permission' : 'forbidden'];
  if (status === 404) return ['permanent', 'not-found'];
  if (status >= 400) return ['permanent', 'rejected'];
  // A redirect is decided by whoever is in between, not by the destination about this request: it can pass.
  return ['retry', 'redirect'];
}
