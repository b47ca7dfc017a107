import { createUnzip, type Unzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { Problem, type ProblemKind, serviceProblems } from '@pagebridge/service';
import type { Request, Response } from 'express';
import { intakeProblems as problems } from '../problems.ts';
import { Admission, type Stay } from './admission.ts';

export interface BodyRules {
  readonly maxBytes: number;
  /** The answer to too much at once: 429 only where senders come again after it. */
  readonly shedStatus: 429 | 503;
}

/** A chunk takes as much as if it had so many bytes. */
const minChunkBytes = 256;

/** Receives the bodies of requests, inflated. */
@Injectable()
export class Bodies {
  constructor(private readonly admission: Admission) {}

  /** Throws a Problem if the body is too large or incomplete after `withinMs`, or if it must make room for others. */
  async receive(request: Request, response: Response, stay: Stay, rules: BodyRules, withinMs: number): Promise<Buffer> {
    const { maxBytes } = rules;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const chunks: Buffer[] = [];
    let length = 0;
    const inflate = inflatorOf(request);
    const body = inflate ? request.pipe(inflate) : request;
    const giveUp = (problem: Problem) => {
      // The rest of the body may never come, so the connection ends with the response.
      if (!response.headersSent) response.setHeader('connection', 'close').on('finish', () => request.destroy());
      reject(problem);
    };
    const timer = setTimeout(() => giveUp(incomplete(withinMs)), withinMs);
    stay.crowdedOut.signal.addEventListener('abort', () => giveUp(overloaded(rules)), { once: true });
    request.on('error', () => giveUp(incomplete(withinMs)));
    inflate?.on('error', ({ message }) => reject(corrupt(message)));
    body.on('end', resolve);
    body.on('data', (chunk: Buffer) => {
      const weight = Math.max(chunk.length, minChunkBytes);
      length += weight;
      if (length > maxBytes) reject(tooLarge(maxBytes));
      else if (!this.admission.receive(stay, weight)) giveUp(overloaded(rules));
      else chunks.push(chunk);
    });
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) reject(tooLarge(maxBytes));
    try {
      await promise;
      this.admission.arrived(stay);
      return Buffer.concat(chunks);
    } finally {
      clearTimeout(timer);
      body.removeAllListeners('data');
      inflate?.destroy();
      // What else arrives is dropped, so that the sender can read the answer.
      request.unpipe().resume();
    }
  }
}

function inflatorOf({ headers }: Request): Unzip | undefined {
  const encoding = (headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'identity') return undefined;
  if (encoding === 'gzip' || encoding === 'x-gzip' || encoding === 'deflate') return createUnzip();
  const detail = `The content encoding ${encoding.slice(0, 64)} is not supported. Send gzip, or the body without encoding.`;
  throw new Problem({ ...serviceProblems['unsupported-media-type'], detail });
}

/** Returns the problem of too much at once; none of the request was taken. */
export function overloaded({ shedStatus }: Pick<BodyRules, 'shedStatus'>): Problem {
  const kind: ProblemKind = problems[shedStatus === 429 ? 'too-many-requests' : 'overloaded'];
  const detail = 'Too many requests are in flight. Nothing of this request was stored. Retry in a few seconds.';
  return new Problem({ ...kind, detail }, { retryAfterMs: 1000 });
}

function tooLarge(limit: number): Problem {
  const detail = `The body is larger than ${limit / 1024} KiB, the maximum of this route. Send fewer alerts per request.`;
  return new Problem({ ...serviceProblems['body-too-large'], detail });
}

function corrupt(message: string): Problem {
  const detail = `The body cannot be decompressed: ${message}.`;
  const errors = [{ field: 'body', message: detail, cure: 'Send gzip, or the body without encoding.' }];
  return new Problem({ ...serviceProblems['bad-request'], detail, errors });
}

const incomplete = (withinMs: number): Problem => {
  const detail = `The body was not complete after ${withinMs / 1000} s. Nothing of it was stored. Retry the request.`;
  return new Problem({ ...problems['body-incomplete'], detail }, { retryAfterMs: 5000 });
};
