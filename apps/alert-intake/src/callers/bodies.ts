import { Injectable } from '@nestjs/common';
import { notJson, Problem, type ProblemDetails, requireJson, serviceProblems } from '@pagebridge/service';
import express, { type Request, type Response } from 'express';
import { intakeProblems as problems } from '../problems.ts';

const maxLevels = 32;

/** Reads the bodies of requests: JSON in UTF-8, inflated, and bounded before and after. */
@Injectable()
export class Bodies {
  /** Throws a Problem that names what is wrong with the body. */
  async read(request: Request, response: Response, maxBytes: number, withinMs: number): Promise<unknown> {
    // Some senders name no type.
    if (request.headers['content-type'] !== undefined) requireJson(request);
    const bytes = await this.bytesOf(request, response, maxBytes, withinMs);
    const text = textOf(bytes, request.headers['content-type']);
    const body = parsed(text);
    if (isDeep(body))
      throw bad(`The body is nested more than ${maxLevels} levels deep. Send alerts as their source does.`);
    return body;
  }

  private async bytesOf(request: Request, response: Response, limit: number, withinMs: number): Promise<Buffer> {
    const parse = express.raw({ limit, type: () => true });
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => resolve(incomplete(withinMs)), withinMs);
    parse(request, response, resolve);
    const error = await promise;
    clearTimeout(timer);
    if (error instanceof Problem) {
      // The rest of the body may never come: the connection ends with the answer.
      response.setHeader('connection', 'close');
      response.on('finish', () => request.destroy());
    }
    if (error !== undefined) throw error instanceof Problem ? error : refused(error as ParserError, limit);
    return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  }
}

/** An error of Express's parser. */
interface ParserError {
  readonly status?: number;
  readonly message: string;
}

function refused({ status, message }: ParserError, limit: number): Problem {
  if (status === 413) {
    const detail = `The body is larger than ${limit / 1024} KiB, the maximum of this route. Send fewer alerts in a request.`;
    return new Problem({ ...serviceProblems['body-too-large'], detail });
  }
  if (status === 415)
    return new Problem({
      ...serviceProblems['unsupported-media-type'],
      detail: `${message}. Send gzip, or the plain body.`,
    });
  return bad(`The body cannot be read: ${message}.`);
}

function textOf(bytes: Buffer, contentType = ''): string {
  const [, charset = 'utf-8'] = /charset="?([^\s;"]+)/i.exec(contentType) ?? [];
  if (!/^utf-?8$/i.test(charset)) {
    const detail = `The body is in ${charset}. Send UTF-8.`;
    throw new Problem({ ...serviceProblems['unsupported-media-type'], detail });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw bad('The body is not UTF-8.');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw bad(notJson((error as Error).message));
  }
}

// What follows is recursive in places, and no alert is nested like this.
function isDeep(body: unknown): boolean {
  let level = [body];
  for (let levels = 0; level.length > 0; levels += 1) {
    if (levels > maxLevels) return true;
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
  return false;
}

function bad(detail: string): Problem {
  const errors: ProblemDetails['errors'] = [{ field: 'body', message: detail }];
  return new Problem({ ...serviceProblems['bad-request'], detail, errors });
}

const incomplete = (withinMs: number): Problem => {
  const detail = `The body was not complete after ${withinMs / 1000} s; nothing of it was taken. Send it again.`;
  return new Problem({ ...problems['body-incomplete'], detail }, { retryAfterMs: 5000 });
};
