import { Injectable, SetMetadata } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import express, { type Request, type Response } from 'express';
import { jsonOf } from './json-body.ts';
import { requireJson } from './validation.ts';

const usualBytes = 64 * 1024;
const largeBytes = 1024 * 1024;
const LARGE_BODY = 'pagebridge:large-body';

/** Declares a route whose request bodies may have 1 MiB instead of 64 KiB. */
export const LargeBody = (): MethodDecorator => SetMetadata(LARGE_BODY, true);

const parserOf = (limit: number) => express.raw({ limit, type: () => true });
// An alert with the maximum number of links has eighty fields; no field holds a list of more than ten thousand values.
const limits = { fields: 1000, values: 20_000 };
const [usual, large] = [parserOf(usualBytes), parserOf(largeBytes)];

// No route reads the body of such a request, so it is neither parsed nor refused.
const bodiless = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Reads the bodies of requests. The access guard calls it, once it knows the caller. */
@Injectable()
export class Bodies {
  constructor(private readonly host: HttpAdapterHost) {}

  /** Parses the body of a request to a route. Throws if the body is not JSON or exceeds the limits of the route. */
  async read(request: Request, response: Response, route: object): Promise<void> {
    if (bodiless.has(request.method)) return;
    requireJson(request);
    const parse = Reflect.hasMetadata(LARGE_BODY, route) ? large : usual;
    const error = await new Promise<unknown>((resolve) => parse(request, response, resolve));
    if (error !== undefined) throw this.host.httpAdapter.mapException(error);
    const bytes: unknown = request.body;
    if (Buffer.isBuffer(bytes)) {
      request.body = bytes.length === 0 ? {} : jsonOf(bytes, request.headers['content-type'], limits);
    }
  }

  /** Discards the body of a request that is refused before it is read. One that is larger than any route reads ends the connection. */
  discard(request: Request): void {
    let left = largeBytes;
    request.on('data', ({ length }: Buffer) => {
      left -= length;
      if (left < 0) request.destroy();
    });
  }
}
