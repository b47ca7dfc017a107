import { openDestination, type Result } from '@pagebridge/destination';
import type { Destinations } from '../../application/ports.ts';
import type { Answer } from '../../domain/credentials/check.ts';

/** Of one answer; the whole check has a deadline of its own. */
const timeoutMs = 5000;
const userAgent = 'pagebridge-connection-management';

/** Destinations, with what they answer put as what it says of a credential. */
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
          // A role without any permission and an answer without permissions look alike; the tried reads tell them apart.
          permissions: permissions.length > 0 ? permissions : undefined,
          // No longer than a row and the contract hold.
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
  const isOdd = kind === 'permanent' || cause === 'bad-answer' || cause === 'redirect';
  return {
    kind: 'unavailable',
    cause: isOdd ? 'bad-answer' : 'unreachable',
    detail,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
