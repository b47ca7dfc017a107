import { OncallApi, type Result } from '@pagebridge/oncall-api';
import type { DataCenter } from '@pagebridge/vocabulary';
import type { Destination, Destinations, KeyPair } from '../application/ports.ts';
import type { Answer } from '../domain/check.ts';

/** Long enough for a slow answer, short enough for a person who waits for the whole check. */
const timeoutMs = 5000;

/** Destinations reached through their On-Call API. */
export const oncallDestinations: Destinations = {
  open: (dataCenter, keys) => new OncallDestination(dataCenter, keys),
};

class OncallDestination implements Destination {
  private readonly api: OncallApi;

  constructor(dataCenter: DataCenter, credential: KeyPair) {
    const userAgent = 'pagebridge-connection-management';
    this.api = new OncallApi({ dataCenter, credential, timeoutMs, userAgent });
  }

  async acceptsApiKey(): Promise<Answer<boolean>> {
    return answerOf(await this.api.validateApiKey(), () => true);
  }

  async acceptsKeyPair(): Promise<Answer<boolean>> {
    return answerOf(await this.api.validateKeys(), () => true);
  }

  async user(): ReturnType<Destination['user']> {
    return answerOf(await this.api.currentUser(), ({ serviceAccount, disabled, permissions, org }) => ({
      serviceAccount,
      disabled,
      // A role without any permission and an answer without permissions look alike; the tried reads tell them apart.
      permissions: permissions.length > 0 ? permissions : undefined,
      // No longer than a row and the contract hold.
      org: { id: org.id.slice(0, 128), name: org.name.slice(0, 256) },
    }));
  }

  async applicationKeys(): ReturnType<Destination['applicationKeys']> {
    return answerOf(await this.api.applicationKeys(), (keys) => keys);
  }

  async readsUsers(): Promise<Answer<boolean>> {
    return answerOf(await this.api.users(), () => true);
  }

  async teams(): Promise<Answer<readonly string[]>> {
    const page = await this.api.teams({ pageNumber: 0, pageSize: 10 });
    return answerOf(page, ({ teams }) => teams.map((team) => team.id));
  }

  async readsRoutingRules(teamId: string): Promise<Answer<boolean>> {
    const result = await this.api.routingRules(teamId);
    // A team that never was on call may answer 404: that, too, was read.
    if (!result.ok && result.failure.cause === 'not-found') return { kind: 'answered', value: true };
    return answerOf(result, () => true);
  }
}

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
