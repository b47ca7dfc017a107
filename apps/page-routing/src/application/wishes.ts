import type { Alert, Event } from '@pagebridge/contracts';
import { type Registry, shown } from '../domain/decide.ts';
import { unknownNameOf } from '../domain/decision.ts';
import type { SyncLimiter } from '../domain/sync-limiter.ts';
import type { Decided, SyncWish } from './ports.ts';

/** For each unknown handle, paged by its org's fallback or not, a wish to every active connection of its org, as far as the limiter lets it through. */
export function wishesFor(
  decided: readonly Decided[],
  registry: Registry,
  limiter: SyncLimiter,
  now: Date,
): SyncWish[] {
  const wishes: SyncWish[] = [];
  for (const { event, decisions } of decided) {
    for (const decision of decisions) {
      const name = unknownNameOf(decision);
      if (name !== undefined) wishes.push(...wishesOf(event, name, registry, limiter, now));
    }
  }
  return wishes;
}

function wishesOf(
  { data: { sourceOrg }, traceparent }: Event<Alert>,
  name: string,
  registry: Registry,
  limiter: SyncLimiter,
  now: Date,
): SyncWish[] {
  const handle = shown(name);
  return registry
    .connectionsOf(sourceOrg)
    .filter(({ enabled, connectionId }) => enabled && limiter.take(connectionId, now))
    .map(({ connectionId }): SyncWish => {
      const requestedAt = now.toISOString();
      const request = { connectionId, sourceOrg, cause: 'unknown-handle' as const, handle, requestedAt };
      return { request, ...(traceparent ? { traceparent } : {}) };
    });
}
