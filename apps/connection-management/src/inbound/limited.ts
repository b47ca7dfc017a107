import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { actorOf, anonymous, decide, type Identity, ownIssuer } from '@pagebridge/access';
import type { IdentifiedRequest } from '@pagebridge/service';
import type { Response } from 'express';
import { WithinLimits } from '../application/limits/within-limits.ts';
import type { LimitName, Standing } from '../domain/limits.ts';

/** Runs a request within its rate limits, and writes their state to the response headers. */
@Injectable()
export class Limited {
  constructor(private readonly withinLimits: WithinLimits) {}

  /** Runs `work` on a route with a source org in its path. */
  run<T extends object>(action: LimitName, response: Response, work: () => Promise<T>, bringsKeys = false): Promise<T> {
    const { identity, sourceOrg = '' } = response.req as IdentifiedRequest;
    const owners = { sourceOrg, caller: callerOf(identity, sourceOrg) };
    const tell = (standings: readonly Standing[]) => {
      response.setHeader('RateLimit-Policy', standings.map(policy).join(', '));
      response.setHeader('RateLimit', standings.map((standing) => state(standing, Date.now())).join(', '));
    };
    return this.withinLimits.run({ owners, tell, action, bringsKeys }, work);
  }
}

// Hashed, because issuer and subject may be long and contain any characters. Where access is off, only orgs can be told apart. The
// API tokens of an org that may change keys count together, because who makes them could make another for each limit.
function callerOf(identity: Identity | undefined, sourceOrg: string): string {
  if (identity === undefined || identity === anonymous) return sourceOrg;
  const isToken = identity.issuer === ownIssuer;
  const mayChangeKeys = decide(identity, { permissions: ['credentials:write'], sourceOrg }).kind === 'allowed';
  const owner = isToken && mayChangeKeys ? `tokens of ${sourceOrg}` : actorOf(identity);
  return createHash('sha256').update(owner).digest('hex');
}

// The header fields of draft-ietf-httpapi-ratelimit-headers-11: lists of named policies, and what is left of each.
const policy = ({ name, most, windowSeconds }: Standing): string => `"${name}";q=${most};w=${windowSeconds}`;

const state = ({ name, left, endsAt }: Standing, now: number): string =>
  `"${name}";r=${left};t=${Math.max(Math.ceil((endsAt.getTime() - now) / 1000), 0)}`;
