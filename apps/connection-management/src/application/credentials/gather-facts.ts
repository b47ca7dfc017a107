import type { Clock } from '@pagebridge/vocabulary';
import type { Answer, CredentialFacts } from '../../domain/credentials/check.ts';
import type { Destination, KeyPair } from '../ports.ts';

/** How often a refused key is tried again, and after how long: a new key takes a moment to be known everywhere. */
export const propagationDelaysMs: readonly number[] = [400, 1200];

const teamsToTry = 3;
const notAsked = { kind: 'not-asked' } as const;

const kindOf = (applicationKey: string): CredentialFacts['applicationKeyKind'] => {
  if (applicationKey.startsWith('ddpat_')) return 'personal-access-token';
  if (applicationKey.startsWith('ddsat_')) return 'service-access-token';
  return 'application-key';
};

/**
 * Asks a destination everything there is to know of a pair of keys, in order, and stops where going on tells nothing.
 *
 * An access token is not sent anywhere. A refusal of the keys themselves is asked again a few times before it counts.
 */
export async function gatherFacts(
  destination: Destination,
  keys: KeyPair,
  clock: Pick<Clock, 'sleep'>,
): Promise<CredentialFacts> {
  const nothing: CredentialFacts = {
    applicationKeyKind: kindOf(keys.applicationKey),
    applicationKeyLast4: keys.applicationKey.slice(-4),
    apiKey: notAsked,
    keyPair: notAsked,
    user: notAsked,
    applicationKeys: notAsked,
    users: notAsked,
    teams: notAsked,
    routingRules: notAsked,
  };
  if (nothing.applicationKeyKind !== 'application-key') return nothing;
  const apiKey = await patiently(() => destination.acceptsApiKey(), clock);
  if (!holds(apiKey)) return { ...nothing, apiKey };
  const keyPair = await patiently(() => destination.acceptsKeyPair(), clock);
  if (!holds(keyPair)) return { ...nothing, apiKey, keyPair };
  const user = await patiently(() => destination.user(), clock);
  if (user.kind !== 'answered') return { ...nothing, apiKey, keyPair, user };
  const [applicationKeys, users, teams] = await Promise.all([
    destination.applicationKeys(),
    destination.readsUsers(),
    destination.teams(),
  ]);
  const routingRules = await readsAnyRoutingRules(destination, teams);
  return { ...nothing, apiKey, keyPair, user, applicationKeys, users, teams, routingRules };
}

const holds = (answer: Answer<boolean>): boolean => answer.kind === 'answered' && answer.value;

async function patiently<T>(ask: () => Promise<Answer<T>>, clock: Pick<Clock, 'sleep'>): Promise<Answer<T>> {
  let answer = await ask();
  for (const delayMs of propagationDelaysMs) {
    if (answer.kind !== 'refused') return answer;
    await clock.sleep(delayMs);
    answer = await ask();
  }
  return answer;
}

// One team's rules may be hidden by access control, which says nothing of the credential: any team will do.
async function readsAnyRoutingRules(
  destination: Destination,
  teams: Answer<readonly string[]>,
): Promise<Answer<boolean>> {
  let answer: Answer<boolean> = notAsked;
  if (teams.kind !== 'answered') return answer;
  for (const teamId of teams.value.slice(0, teamsToTry)) {
    answer = await destination.readsRoutingRules(teamId);
    if (answer.kind !== 'refused') return answer;
  }
  return answer;
}
