import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Integration } from '@pagebridge/contracts';
import type { IntegrationKind } from '@pagebridge/vocabulary';
import type { Request } from 'express';

/** How the requests of a kind of source are taken. */
export interface SourceRules {
  readonly kind: IntegrationKind;
  /** How long a request waits for Kafka: as long as its sender does, less some room. */
  readonly holdMs: number;
  /** The answer to too much at once: 429 only where senders come again after it. */
  readonly shedStatus: 429 | 503;
  readonly mostBytes: number;
  /** Returns the token of a body; other sources send it as a header. */
  readonly tokenOf?: (body: unknown) => string | undefined;
}

export const SOURCE = 'alert-intake:source';

/** Declares the source whose requests a route takes. */
export const From = (rules: SourceRules): MethodDecorator => SetMetadata(SOURCE, rules);

/** A request whose token was accepted, with its body. */
export interface Incoming {
  readonly rules: SourceRules;
  readonly integration: Integration;
  readonly headers: Request['headers'];
  readonly body: unknown;
}

export type IncomingRequest = Request & { incoming?: Incoming };

/** Injects the request as its source means it. */
export const FromSource = createParamDecorator((_data: unknown, context: ExecutionContext): Incoming | undefined => {
  return context.switchToHttp().getRequest<IncomingRequest>().incoming;
});
