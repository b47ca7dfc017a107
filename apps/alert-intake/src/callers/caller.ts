import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Identity } from '@pagebridge/access';
import type { Integration } from '@pagebridge/contracts';
import { AdmittedByItself, ApiProblems, type ProblemKind, serviceProblems } from '@pagebridge/service';
import type { IntegrationKind } from '@pagebridge/vocabulary';
import type { Request } from 'express';
import { intakeProblems as problems } from '../problems.ts';
import type { Stay } from './admission.ts';

/** How the requests of a kind of source are taken. */
export interface SourceRules {
  readonly kind: IntegrationKind;
  /** How long a request waits for Kafka: as long as its sender does, less some room. */
  readonly holdMs: number;
  /** The answer to too much at once: 429 only where senders come again after it. */
  readonly shedStatus: 429 | 503;
  readonly maxBytes: number;
  /** The field of the body that holds the token; other sources send it as a header. */
  readonly keyField?: string;
}

export const SOURCE = 'alert-intake:source';

/** Declares the source whose requests a route takes. */
export const From = (rules: SourceRules, ...own: readonly ProblemKind[]): MethodDecorator => {
  const { kind, shedStatus, keyField } = rules;
  return applyDecorators(
    SetMetadata(SOURCE, rules),
    AdmittedByItself(),
    ApiTags('alerts'),
    ApiOperation({ summary: summaries[kind] }),
    ...(keyField ? [] : [ApiBearerAuth()]),
    // The documented refusals are derived from these.
    ApiExtension('x-permissions', ['alerts:write']),
    ApiExtension('x-source-org', 'none'),
    ApiProblems(...common, ...(shedStatus === 429 ? [problems['too-many-requests']] : []), ...own),
  );
};

/** The problems that every kind of source is answered with. */
const common = [
  serviceProblems['not-ready'],
  problems['no-integration'],
  problems['wrong-kind'],
  problems['integration-gone'],
  problems['not-understood'],
  problems['body-incomplete'],
  problems.overloaded,
  problems['kafka-away'],
];

const summaries: Readonly<Record<IntegrationKind, string>> = {
  alertmanager: 'Receive a webhook from Prometheus Alertmanager',
  grafana: 'Receive a webhook from Grafana Alerting',
  datadog: 'Receive a webhook from Datadog',
  pagerduty: 'Receive a PagerDuty Events API v2 event; the routing key is the token',
  cloudevents: 'Receive CloudEvents: one event, a batch, or binary mode',
  alerts: 'Receive up to 100 alerts in plain JSON',
};

/** The token of a request that was accepted, and what it names. */
export type Caller = NonNullable<Identity['integration']>;

/** A request whose token was accepted, with its body. */
export interface Incoming {
  readonly rules: SourceRules;
  readonly caller: Caller;
  readonly integration: Integration;
  readonly headers: Request['headers'];
  readonly body: unknown;
  /** Aborted when its sender no longer waits. */
  readonly deadline: AbortSignal;
  /** The keys of its alerts that Kafka has not confirmed yet. */
  readonly unconfirmed: Set<string>;
  /** What is still done for it, also after its sender has left. */
  work?: Promise<unknown>;
}

export type IncomingRequest = Request & { caller?: Caller; stay?: Stay; incoming?: Incoming };

/** Injects the request as its source means it. */
export const FromSource = createParamDecorator((_data: unknown, context: ExecutionContext): Incoming | undefined => {
  return context.switchToHttp().getRequest<IncomingRequest>().incoming;
});
