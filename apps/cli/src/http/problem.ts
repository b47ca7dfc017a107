import { printable } from '@pagebridge/vocabulary';
import { CommandError, exitCodes } from '../exit-codes.ts';

/** What a service answers in place of what was asked for (RFC 9457), as far as people read it. */
export interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly code?: string;
  readonly requestId?: string;
  readonly retryAfterMs?: number | undefined;
  readonly errors?: readonly { readonly field: string; readonly message: string; readonly cure?: string }[];
  readonly checks?: readonly Check[];
}

interface Check {
  readonly name: string;
  readonly result: string;
  readonly detail: string;
  readonly cure?: string;
}

/** A service answers with a problem. The message has title, detail, and what is wrong with each field, with its cure. */
export class RefusedError extends CommandError {
  constructor(
    readonly status: number,
    readonly problem: Problem,
    from: string,
  ) {
    super(exitCodeOf(status, problem.code), linesOf(status, problem, from).map(printable).join('\n'));
  }
}

/** Returns the problem in an answer, which may be that of a proxy. */
export function problemIn(body: unknown, headers: Headers): Problem {
  const seconds = Number(headers.get('retry-after')) || undefined;
  return { retryAfterMs: seconds && seconds * 1000, ...Object(body) };
}

function linesOf(status: number, its: Problem, from: string): string[] {
  const { title = `${from} responded with ${status}`, detail, code, errors = [], checks = [] } = its;
  const failed = checks.filter(({ result }) => result === 'failed');
  // Where checks failed, the wrong fields only repeat them.
  const wrong = failed.map(({ name, detail, cure }) => ({ field: name, message: detail, cure }));
  return [
    // The detail of invalid fields often repeats their messages.
    `${title}${code === undefined ? '' : ` (${code})`}${detail === undefined || errors.map(({ message }) => message).join('; ') === detail ? '' : `: ${detail}`}`,
    ...(wrong.length > 0 ? wrong : errors).flatMap(({ field, message, cure }) => [
      `  ${field}: ${message}`,
      ...(cure === undefined ? [] : [`    hint: ${cure}`]),
    ]),
    ...(status === 401 ? ['hint: run pagebridge login, or use another token'] : []),
    ...(its.retryAfterMs === undefined ? [] : [`hint: retry in ${Math.ceil(its.retryAfterMs / 1000)} s`]),
    ...(its.requestId === undefined ? [] : [`  request ${its.requestId} of ${from}`]),
  ];
}

function exitCodeOf(status: number, code: string | undefined): number {
  if (status === 401 || status === 403) return exitCodes.notAllowed;
  // Without a code it is no service of ours that does not find it.
  if (status === 404 && code !== undefined) return exitCodes.notFound;
  if (status === 429 || status >= 500) return exitCodes.unavailable;
  return status === 400 || status === 413 ? exitCodes.usage : exitCodes.failed;
}
