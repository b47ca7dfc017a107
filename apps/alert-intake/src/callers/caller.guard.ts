import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Authenticator, decide, type Identity } from '@pagebridge/access';
import { type Integration, Integrations, integrationKeyOf } from '@pagebridge/contracts';
import { partitionFor, TableView } from '@pagebridge/kafka';
import { API_TOKENS, Problem, refusedToken, Startup } from '@pagebridge/service';
import type { Response } from 'express';
import { intakeProblems as problems } from '../problems.ts';
import { Tables } from '../tables.ts';
import { Admission, type Share, shareOfIntegration, shareOfOrg, shareOfStrangers } from './admission.ts';
import { Answers } from './answers.ts';
import { Bodies } from './bodies.ts';
import { type Caller, type Incoming, type IncomingRequest, SOURCE, type SourceRules } from './caller.ts';

const readWithinMs = 5000;
/** A body that is not complete by then is given up: a slow sender would hold memory and a socket, a stranger sooner. */
const [knownWithinMs, unknownWithinMs] = [10_000, 3000];

/** Admits a request of a source only with the token of an integration of the route's kind, and reads its body. */
@Injectable()
export class CallerGuard implements CanActivate {
  constructor(
    @Inject(API_TOKENS) private readonly tokens: Authenticator,
    private readonly reflector: Reflector,
    private readonly admission: Admission,
    private readonly bodies: Bodies,
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
    const request = http.getRequest<IncomingRequest>();
    try {
      await this.admitCaller(rules, request, http.getResponse());
      return true;
    } catch (error) {
      this.answers.refused(rules, request, error);
      throw error;
    }
  }

  private async admitCaller(rules: SourceRules, request: IncomingRequest, response: Response): Promise<void> {
    this.startup.requireDone();
    const { tokenOf, maxBytes } = rules;
    const { headers } = request;
    if (tokenOf) {
      // Until its token is read, all that is known of a request is its size.
      const release = this.admit([shareOfStrangers], rules, request, response);
      const body = await this.bodies.read(request, response, maxBytes, unknownWithinMs);
      const sender = await this.senderOf(tokenOf(body), rules, request, response);
      this.admit(sharesOf(sender.integration), rules, request, response);
      release();
      request.incoming = { rules, ...sender, headers, body };
    } else {
      const sender = await this.senderOf(tokenIn(headers.authorization), rules, request, response);
      this.admit(sharesOf(sender.integration), rules, request, response);
      const body = await this.bodies.read(request, response, maxBytes, knownWithinMs);
      request.incoming = { rules, ...sender, headers, body };
    }
  }

  /** Admits a request. Its room is taken until its response is closed, which its sender may do early, and its work has ended. */
  private admit(
    shares: readonly Share[],
    { maxBytes, shedStatus }: SourceRules,
    request: IncomingRequest,
    response: Response,
  ): () => void {
    const { 'content-length': length, 'content-encoding': encoding } = request.headers;
    const bytes = encoding === undefined && length !== undefined ? Math.min(Number(length), maxBytes) : maxBytes;
    const release = this.admission.admit(shares, bytes);
    if (release) {
      response.on('close', () => void Promise.allSettled([request.incoming?.work]).then(release));
      return release;
    }
    const kind = problems[shedStatus === 429 ? 'too-many-requests' : 'overloaded'];
    const detail = 'Too much is in flight already; nothing of this request was taken. Send it again in a moment.';
    throw new Problem({ ...kind, detail }, { retryAfterMs: 1000 });
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
      const detail = 'The integrations cannot be read at present; nothing of this request was taken. Send it again.';
      throw Object.assign(new Problem({ ...problems['kafka-away'], detail }, { retryAfterMs: 5000 }), { cause });
    });
    return this.tables.integration(of.sourceOrg, of.name);
  }

  private async allowed(caller: Caller, kind: SourceRules['kind']): Promise<Integration> {
    const { sourceOrg, name } = caller;
    const integration = await this.known(caller);
    if (!integration) {
      const detail = `There is no integration ${name} in ${sourceOrg} any more. Make a new one, and a token of it.`;
      throw new Problem({ ...problems['integration-gone'], detail });
    }
    if (integration.kind === kind) return integration;
    const detail = `${name} is an integration of the kind ${integration.kind}, which sends to another path. Make one of the kind ${kind}.`;
    throw new Problem({ ...problems['wrong-kind'], detail });
  }
}

/** What is known of who sends once its token is accepted. */
type Sender = Pick<Incoming, 'caller' | 'integration'>;

function callerIn(identity: Identity): Caller {
  const { integration: caller } = identity;
  const need = { permissions: ['alerts:write'], sourceOrg: caller?.sourceOrg ?? '' } as const;
  if (caller && decide(identity, need).kind === 'allowed') return caller;
  const detail =
    'Only the token of an integration may send alerts: make one with permissions ["alerts:write"] and integration.';
  throw new Problem({ ...problems['no-integration'], detail });
}

const sharesOf = ({ sourceOrg, name }: Integration): Share[] => [
  shareOfOrg(sourceOrg),
  shareOfIntegration(sourceOrg, name),
];

/** Returns the token of a header: as Bearer, or as the password of any user, since some senders know nothing else. */
function tokenIn(header = ''): string | undefined {
  const [, scheme = '', value = ''] = /^(bearer|basic) +(\S+) *$/i.exec(header) ?? [];
  if (scheme.toLowerCase() !== 'basic') return value || undefined;
  const pair = Buffer.from(value, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1) || undefined;
}
