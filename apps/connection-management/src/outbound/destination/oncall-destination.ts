import { openDestination, type Result } from '@pagebridge/destination';
import type { Destinations } from '../../application/ports.ts';
import type { Answer } from '../../domain/credentials/check.ts';

/** The timeout of one call; the whole check has its own deadline. */
const timeoutMs = 5000;
const userAgent = 'pagebridge-connection-management';

/** Opens destinations, and translates their answers into what they show about a credential. */
export const oncallDestinations: Destinations = {
  open: (dataCenter, credential, signal) => {
    const destination = openDestination({ dataCenter, credential, timeoutMs, signal, userAgent });
    return {
      acceptsApiKey: async () => answerOf(await destination.validateApiKey(), () => true),
      acceptsKeyPair: async () => answerOf(await destination.validateKeys(), () => true),
      user: async () =>
        answerOf(await destination.currentUser(), ({ id, serviceAccount, disabled, permissions, org }) => ({
          id: id.slice(0, 128),
          serviceAccount,
          disabled,
          // An empty list may mean no permissions or no list in the answer. The reads that are tried show which.
          permissions: permissions.length > 0 ? permissions : undefined,
          // Cut to the lengths that the table and the contract allow.
          org: { id: org.id.slice(0, 128), name: org.name.slice(0, 256) },
        })),
      applicationKeys: async () => answerOf(await destination.applicationKeys(), (keys) => keys),
      readsUsers: async () => answerOf(await destination.readUsers(), () => true),
      teams: async () =>
        answerOf(await destination.teams({ pageNumber: 0, pageSize: 10 }), ({ teams }) => teams.map(({ id }) => id)),
      readsRoutingRules: async (teamId) => answerOf(await destination.isOnCall(teamId), () => true),
    };
  },
};

function answerOf<T, V>(result: Result<T>, map: (value: T) => V): Answer<V> {
  if (result.ok) return { kind: 'answered', value: map(result.value) };
  const { kind, cause, detail, retryAfterMs } = result.failure;
  if (kind === 'credential') return { kind: 'refused', detail };
  const isBadAnswer = kind === 'permanent' || cause === 'bad-answer' || cause === 'redirect';
  return {
    kind: 'unavailable',
    cause: isBadAnswer ? 'bad-answer' : 'unreachable',
    detail,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
