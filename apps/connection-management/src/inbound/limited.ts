import { Injectable } from '@nestjs/common';
import { actorOf, anonymous, decide, type Identity, ownIssuer } from '@pagebridge/access';
import type { IdentifiedRequest } from '@pagebridge/service';
import type { Response } from 'express';
import { WithinLimits } from '../application/limits/within-limits.ts';
import type { LimitName, Standing } from '../domain/limits.ts';
import { onBehalfOf } from './caller.decorator.ts';

/** Runs a request within its rate limits, and writes their state to the response headers. */
@Injectable()
export class Limited {
  constructor(private readonly withinLimits: WithinLimits) {}

  /** Runs `work` on a route with a source org in its path. */
  run<T extends object>(action: LimitName, response: Response, work: () => Promise<T>, bringsKeys = false): Promise<T> {
    const request = response.req as IdentifiedRequest;
    const { identity, sourceOrg = '' } = request;
    const owners = { sourceOrg, caller: callerOf(identity, sourceOrg), onBehalfOf: onBehalfOf(request) };
    const tell = (standings: readonly Standing[]) => {
      // Of two counters of one limit, that which is exhausted first.
      const shown = [...Map.groupBy(standings, ({ name }) => name).values()].flatMap((its) =>
        its.toSorted((a, b) => a.left - b.left).slice(0, 1),
      );
      response.setHeader('RateLimit-Policy', shown.map(policy).join(', '));
      response.setHeader('RateLimit', shown.map((standing) => state(standing, Date.now())).join(', '));
    };
    return this.withinLimits.run({ owners, tell, action, bringsKeys }, work);
  }
}

// Where access is off, only orgs can be told apart. The API tokens of an org count together, because who makes them could make another
// for each limit; but those that may change keys apart from the others, so that no lesser token keeps them from it.
function callerOf(identity: Identity | undefined, sourceOrg: string): string {
  if (identity === undefined || identity === anonymous) return sourceOrg;
  if (identity.issuer !== ownIssuer) return actorOf(identity);
  const mayChangeKeys = decide(identity, { permissions: ['credentials:write'], sourceOrg }).kind === 'allowed';
  return mayChangeKeys ? `tokens of ${sourceOrg} that may change keys` : `tokens of ${sourceOrg}`;
}

// The header fields of draft-ietf-httpapi-ratelimit-headers-11: lists of named policies, and what is left of each.
const policy = ({ name, most, windowSeconds }: Standing): string => `"${name}";q=${most};w=${windowSeconds}`;

const state = ({ name, left, endsAt }: Standing, now: number): string =>
  `"${name}";r=${left};t=${Math.max(Math.ceil((endsAt.getTime() - now) / 1000), 0)}`;
