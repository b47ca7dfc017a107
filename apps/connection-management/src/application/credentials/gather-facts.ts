import type { Clock } from '@pagebridge/vocabulary';
import type { Answer, CredentialFacts } from '../../domain/credentials/check.ts';
import type { Destination, KeyPair } from '../ports.ts';

/** The pauses before a refused key is tried again: a new key takes a moment to work everywhere. */
export const propagationDelaysMs: readonly number[] = [400, 1200];

const teamsToTry = 3;
const notAsked = { kind: 'not-asked' } as const;

const kindOf = (applicationKey: string): CredentialFacts['applicationKeyKind'] => {
  if (applicationKey.startsWith('ddpat_')) return 'personal-access-token';
  if (applicationKey.startsWith('ddsat_')) return 'service-access-token';
  return 'application-key';
};

/**
 * Asks a destination everything that can be learnt about a key pair, in order, and stops when more questions are pointless.
 *
 * An access token is sent nowhere. If the keys themselves are refused, the question is repeated a few times before that counts.
 */
export async function gatherFacts(
  destination: Destination,
  keys: KeyPair,
  clock: Pick<Clock, 'sleep'>,
): Promise<CredentialFacts> {
  const noFacts: CredentialFacts = {
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
  if (noFacts.applicationKeyKind !== 'application-key') return noFacts;
  const apiKey = await askWithRetries(() => destination.acceptsApiKey(), clock);
  if (!holds(apiKey)) return { ...noFacts, apiKey };
  const keyPair = await askWithRetries(() => destination.acceptsKeyPair(), clock);
  if (!holds(keyPair)) return { ...noFacts, apiKey, keyPair };
  const user = await askWithRetries(() => destination.user(), clock);
  if (user.kind !== 'answered') return { ...noFacts, apiKey, keyPair, user };
  const [applicationKeys, users, teams] = await Promise.all([
    destination.applicationKeys(),
    destination.readsUsers(),
    destination.teams(),
  ]);
  const routingRules = await readsAnyRoutingRules(destination, teams);
  return { ...noFacts, apiKey, keyPair, user, applicationKeys, users, teams, routingRules };
}

const holds = (answer: Answer<boolean>): boolean => answer.kind === 'answered' && answer.value;

async function askWithRetries<T>(ask: () => Promise<Answer<T>>, clock: Pick<Clock, 'sleep'>): Promise<Answer<T>> {
  let answer = await ask();
  for (const delayMs of propagationDelaysMs) {
    if (answer.kind !== 'refused') return answer;
    await clock.sleep(delayMs);
    answer = await ask();
  }
  return answer;
}

// Access control may hide the rules of one team from any credential, so the rules of any team are enough.
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
