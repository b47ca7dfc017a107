import createClient from 'openapi-fetch';
import { sessionQuery } from '../session/session.ts';
import type { paths as AlertIntake } from './generated/alert-intake.d.ts';
import type { paths as ConnectionManagement } from './generated/connection-management.d.ts';
import type { paths as HandleSync } from './generated/handle-sync.d.ts';
import type { paths as PageHistory } from './generated/page-history.d.ts';
import type { paths as PageRouting } from './generated/page-routing.d.ts';
import { answerLost, ProblemError, problemOf, unreachable, unreadable } from './problem.ts';
import { queryClient } from './query-client.ts';
import { renew } from './renew.ts';

/**
 * Sends a request through the gateway; renews the session and repeats the request if the gateway asks for it.
 *
 * Any request may be repeated then: the gateway asks before it passes anything on. If there is no session any more, the page learns it.
 */
export async function send(request: Request): Promise<Response> {
  const again = request.clone();
  const answer = await sent(request);
  if (answer.status !== 401 && answer.status !== 409) return answer;
  const { code } = problemOf(answer.status, await bodyOf(answer.clone()));
  const refused = code === 'session-renew' ? await renew() : answer;
  if (!refused) return sent(again);
  if (refused.status === 401 || code === 'other-person')
    void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
  return refused;
}

async function sent(request: Request): Promise<Response> {
  request.headers.set('x-pagebridge-console', '1');
  const session = queryClient.getQueryData(sessionQuery.queryKey);
  if (session) request.headers.set('x-pagebridge-subject', encodeURIComponent(session.openedFor));
  try {
    return await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new ProblemError(mayChange(request) ? answerLost : unreachable);
  }
}

// Some questions are too long for an address.
const mayChange = ({ method, url }: Request): boolean => method !== 'GET' && !/\/(explain|preview|check)$/.test(url);

const bodyOf = (answer: Response): Promise<unknown> => answer.json().catch(() => undefined);

const options = { baseUrl: window.location.origin, fetch: send };

/** The services, with the routes and types of their OpenAPI documents. */
export const connectionManagement = createClient<ConnectionManagement>(options);
export const handleSync = createClient<HandleSync>(options);
export const pageHistory = createClient<PageHistory>(options);
export const pageRouting = createClient<PageRouting>(options);
export const alertIntake = createClient<AlertIntake>(options);

interface Answered<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** Returns the body of an answer. Throws ProblemError for any answer that is not a success, or that cannot be read. */
export async function bodyFrom<T>(answer: Promise<Answered<T>>): Promise<T> {
  const { data, error, response } = await answer.catch(unlessUnreadable);
  if (!response.ok) throw new ProblemError(problemOf(response.status, error));
  return data as T;
}

/** The body broke off, or is no JSON: a proxy or a page for a login has answered. */
function unlessUnreadable(error: unknown): never {
  const isBody = error instanceof SyntaxError || error instanceof TypeError;
  throw isBody ? new ProblemError(unreadable) : error;
}

/** A resource with the version that a change of it must name. */
export interface Versioned<T> {
  readonly value: T;
  readonly etag: string;
}

/** Returns the body of an answer and its ETag. Throws ProblemError. */
export async function versionedFrom<T>(answer: Promise<Answered<T>>): Promise<Versioned<T>> {
  const value = await bodyFrom(answer);
  return { value, etag: (await answer).response.headers.get('etag') ?? '' };
}
