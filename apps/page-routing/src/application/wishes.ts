import type { Registry } from '../domain/decide.ts';
import type { SyncLimiter } from '../domain/sync-limiter.ts';
import type { Decided, SyncWish } from './ports.ts';

/** For each unknown handle a wish to every active connection of its org, as far as the limiter lets it through. */
export function wishesFor(
  decided: readonly Decided[],
  registry: Registry,
  limiter: SyncLimiter,
  now: Date,
): SyncWish[] {
  return decided.flatMap(({ event, decisions }) =>
    decisions.flatMap((decision) => {
      if (decision.kind !== 'unrouted' || decision.record.reason !== 'unknown-handle') return [];
      const { sourceOrg, handle } = decision.record;
      const { traceparent } = event;
      return registry
        .connectionsOf(sourceOrg)
        .filter(({ enabled, connectionId }) => enabled && limiter.take(connectionId, now))
        .map(({ connectionId }): SyncWish => {
          const requestedAt = now.toISOString();
          const request = { connectionId, sourceOrg, cause: 'unknown-handle' as const, handle, requestedAt };
          return { request, ...(traceparent ? { traceparent } : {}) };
        });
    }),
  );
}
