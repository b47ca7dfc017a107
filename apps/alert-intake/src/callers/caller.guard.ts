import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Authenticator, decide, type Identity } from '@pagebridge/access';
import { type Integration, Integrations, integrationKeyOf } from '@pagebridge/contracts';
import { partitionFor, TableView } from '@pagebridge/kafka';
import {
  API_TOKENS,
  type BodyLimits,
  jsonOf,
  Problem,
  refusedToken,
  requireJson,
  Startup,
  serviceProblems,
} from '@pagebridge/service';
import type { Response } from 'express';
import { intakeProblems as problems } from '../problems.ts';
import { Tables } from '../tables.ts';
import { ParsingTurns } from '../turns/fair-turns.ts';
import { Admission, type Stay } from './admission.ts';
import { Answers } from './answers.ts';
import { Bodies, overloaded } from './bodies.ts';
import { type Caller, type Incoming, type IncomingRequest, SOURCE, type SourceRules } from './caller.ts';

const readWithinMs = 5000;
/** A body that is not complete by then is given up: a slow sender would hold memory and a socket, a stranger sooner. */
const [knownWithinMs, unknownWithinMs] = [10_000, 3000];
/**
 * Returns the limits of a body of so many bytes: webhooks have 24 and more for each value, and few names; 4 MiB are parsed within some
 * 50 ms. A value of two bytes holds twenty of memory, so a short body may have one for each 12 bytes, and as many as a usual alert.
 */
export const limitsOf = (maxBytes: number, bytes: number): BodyLimits => ({
  values: Math.floor(Math.min(maxBytes / 24, Math.max(500, bytes / 12))),
  names: 1024,
});

/** Admits a request of a source only with the token of an integration of the route's kind, and reads its body. */
@Injectable()
export class CallerGuard implements CanActivate {
  constructor(
    @Inject(API_TOKENS) private readonly tokens: Authenticator,
    private readonly reflector: Reflector,
    private readonly admission: Admission,
    private readonly bodies: Bodies,
    private readonly parsing: ParsingTurns,
    private readonly tables: Tables,
    private readonly view: TableView,
    private readonly startup: Startup,
    private readonly answers: Answers,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rules = this.reflector.get<SourceRules | undefined>(SOURCE, context.getHandler());
    // The callers of other routes are people and programs, whom the access guard admits.
    if (!rules) return true;
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<IncomingRequest>(), http.getResponse<Response>()];
    this.answers.watch(rules, request, response);
    this.startup.requireDone();
    try {
      request.incoming = await this.incomingOf(rules, request, response);
      return true;
    } catch (error) {
      // Its sender may never read the answer.
      if (request.stay) this.admission.end(request.stay);
      throw error;
    }
  }

  private async incomingOf(rules: SourceRules, request: IncomingRequest, response: Response): Promise<Incoming> {
    const { sender, bytes, key } = await this.receive(rules, request, response);
    const deadline = AbortSignal.timeout(rules.holdMs);
    const signal = AbortSignal.any([deadline, goneOf(response)]);
    const { headers } = request;
    const parse = () => jsonOf(bytes, headers['content-type'], limitsOf(rules.maxBytes, bytes.length));
    const body = await this.parsing.parse(sender.integration, signal, bytes.length, parse).catch((error) => {
      throw signal.aborted ? overloaded(rules) : error;
    });
    if (rules.keyField) requireKey(body, rules.keyField, key);
    return { rules, ...sender, headers, body, deadline, unconfirmed: new Set() };
  }

  /** Receives the body of a sender. If the key of a sender is in it, it is found in the bytes: nothing of a stranger is parsed. */
  private async receive(rules: SourceRules, request: IncomingRequest, response: Response): Promise<Received> {
    const { keyField } = rules;
    const { authorization, 'content-type': type } = request.headers;
    const senderOf = (token: string | undefined) => this.senderOf(token, rules, request, response);
    const known = keyField === undefined ? await senderOf(tokenIn(authorization)) : undefined;
    const stay = this.admit(known?.integration, rules, request, response);
    // Some senders name no type.
    if (type !== undefined) requireJson(request);
    const bytes = await this.bodies.receive(request, response, stay, rules, known ? knownWithinMs : unknownWithinMs);
    if (known) return { sender: known, bytes };
    const key = keyIn(bytes, keyField ?? '');
    const sender = await senderOf(key);
    if (!this.admission.move(stay, sender.integration)) throw overloaded(rules);
    return { sender, bytes, key };
  }

  /** Admits a request. It holds its room until its response is closed, which its sender may do early, and its work has ended. */
  private admit(
    owner: Integration | undefined,
    rules: SourceRules,
    request: IncomingRequest,
    response: Response,
  ): Stay {
    const stay = response.closed ? undefined : this.admission.admit(owner);
    if (!stay) throw overloaded(rules);
    request.stay = stay;
    response.on('close', () => void Promise.allSettled([request.incoming?.work]).then(() => this.admission.end(stay)));
    return stay;
  }

  private async senderOf(
    token: string | undefined,
    { kind }: SourceRules,
    request: IncomingRequest,
    response: Response,
  ): Promise<Sender> {
    const authentication = await this.tokens.authenticate(token);
    if ('refusal' in authentication) throw refusedToken(authentication.refusal, response);
    const { identity } = authentication;
    const caller = callerIn(identity);
    request.caller = caller;
    return { caller, integration: await this.allowed(caller, kind) };
  }

  /** A token may be read before the integration that was made before it: only a table that is read to its end lacks one. */
  private async known(of: Caller): Promise<Integration | undefined> {
    const integration = this.tables.integration(of.sourceOrg, of.name);
    if (integration) return integration;
    const { topic, partitions } = Integrations.card;
    const partition = partitionFor(integrationKeyOf(of), partitions);
    await this.view.catchUp([{ topic, partition }], AbortSignal.timeout(readWithinMs)).catch((cause) => {
      const detail = 'The integrations cannot be read now. Nothing of this request was stored. Retry the request.';
      throw Object.assign(new Problem({ ...problems['kafka-away'], detail }, { retryAfterMs: 5000 }), { cause });
    });
    return this.tables.integration(of.sourceOrg, of.name);
  }

  private async allowed(caller: Caller, kind: SourceRules['kind']): Promise<Integration> {
    const { sourceOrg, name } = caller;
    const integration = await this.known(caller);
    if (!integration) {
      const detail = `Integration ${name} of ${sourceOrg} was deleted. Create an integration and a token for it.`;
      throw new Problem({ ...problems['integration-gone'], detail });
    }
    if (integration.kind === kind) return integration;
    const detail = `Integration ${name} has the kind ${integration.kind}, which uses another path. Create an integration of the kind ${kind}.`;
    throw new Problem({ ...problems['wrong-kind'], detail });
  }
}

interface Received {
  readonly sender: Sender;
  readonly bytes: Buffer;
  readonly key?: string | undefined;
}

/** What is known of who sends once its token is accepted. */
type Sender = Pick<Incoming, 'caller' | 'integration'>;

function callerIn(identity: Identity): Caller {
  const { integration: caller } = identity;
  const need = { permissions: ['alerts:write'], sourceOrg: caller?.sourceOrg ?? '' } as const;
  if (caller && decide(identity, need).kind === 'allowed') return caller;
  const detail =
    'Only the token of an integration can send alerts. Create a token with the permissions ["alerts:write"] and an integration.';
  throw new Problem({ ...problems['no-integration'], detail });
}

/** Returns a signal that is aborted when the sender has left. */
function goneOf(response: Response): AbortSignal {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  if (response.closed) gone.abort();
  return gone.signal;
}

/** Returns the value of the first field of this name in the bytes of a body, if it is a plain text. */
export const keyIn = (bytes: Buffer, field: string): string | undefined =>
  new RegExp(`"${field}"\\s*:\\s*"([\\w-]{1,64})"`).exec(bytes.toString('latin1'))?.[1];

function requireKey(body: unknown, field: string, key: string | undefined): void {
  if ((body as Readonly<Record<string, unknown>>)[field] === key) return;
  const detail = `The first ${field} in the body does not belong to the event. Put ${field} before all nested fields with this name.`;
  throw new Problem({ ...serviceProblems['bad-request'], detail });
}

/** Returns the token of a header: as Bearer, or as the password of any user, since some senders know nothing else. */
function tokenIn(header = ''): string | undefined {
  const [, scheme = '', value = ''] = /^(bearer|basic) +(\S+) *$/i.exec(header) ?? [];
  if (scheme.toLowerCase() !== 'basic') return value || undefined;
  const pair = Buffer.from(value, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1) || undefined;
}
