import { type Caller, type Credential, identify, mayCall } from '../domain/access/access.ts';
import type { Org } from '../domain/org.ts';
import { type Answer, forbidden, missingPermission, unauthorized } from './answer.ts';

/** A call as a route receives it; `body` is the raw text. */
export interface Call {
  readonly org: Org;
  readonly credential: Credential;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly now: Date;
}

export interface KnownCall extends Call {
  readonly caller: Caller;
}

/** A pure handler of a call; `path` is an Express pattern, `endpoint` the name for limits and counts. */
export interface Route {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly endpoint: string;
  answer(call: Call): Answer;
}

/** Requires a valid pair of keys and, unless it is null, the permission. */
export const guarded =
  (permission: string | null, answer: (call: KnownCall) => Answer) =>
  (call: Call): Answer => {
    const caller = identify(call.org, call.credential, call.now);
    if (caller === 'missing') return unauthorized;
    if (caller === 'invalid') return forbidden;
    if (permission !== null && !mayCall(call.org, caller, permission)) return missingPermission;
    return answer({ ...call, caller });
  };

const route =
  (method: 'get' | 'post') =>
  (path: string, answer: (call: Call) => Answer): Route => ({
    method,
    path,
    endpoint: `${method.toUpperCase()} ${path}`,
    answer,
  });

export const get = route('get');
export const post = route('post');
