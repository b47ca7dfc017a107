import type { Alert, Event } from '@pagebridge/contracts';
import { displayHandle, type Registry, unknownNameOf } from '@pagebridge/routing';
import type { SyncLimiter } from '../domain/sync-limiter.ts';
import type { Decided, TracedRequest } from './ports.ts';

/** Returns a sync request for each unknown handle and each directory of its org, if the limiter admits it, also if the fallback is paged. */
export function syncRequestsFor(
  decided: readonly Decided[],
  registry: Registry,
  limiter: SyncLimiter,
  now: Date,
): TracedRequest[] {
  const requests: TracedRequest[] = [];
  for (const { event, decisions } of decided) {
    for (const decision of decisions) {
      const name = unknownNameOf(decision);
      if (name !== undefined) requests.push(...requestsOf(event, name, registry, limiter, now));
    }
  }
  return requests;
}

function requestsOf(
  { data: { sourceOrg }, traceparent }: Event<Alert>,
  name: string,
  registry: Registry,
  limiter: SyncLimiter,
  now: Date,
): TracedRequest[] {
  const handle = displayHandle(name);
  return registry
    .directoriesOf(sourceOrg)
    .filter((directory) => limiter.acquire(directory, now))
    .map((directory): TracedRequest => {
      const requestedAt = now.toISOString();
      const request = { directory, sourceOrg, cause: 'unknown-handle' as const, handle, requestedAt };
      return { request, ...(traceparent ? { traceparent } : {}) };
    });
}
