import type { Clock } from '@pagebridge/vocabulary';
import type { Answer, CredentialFacts } from '../../domain/credentials/check.ts';
import type { Destination, KeyPair } from '../ports.ts';

/** The pauses before a refused key is tried again: a new key takes a moment to work everywhere. */
export const propagationDelaysMs: readonly number[] = [400, 1200];

type Question = Exclude<keyof CredentialFacts, 'applicationKeyKind' | 'applicationKeyLast4'>;

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
 * `learnt` is called with the facts that are known, at first and after each answer.
 */
export async function gatherFacts(
  destination: Destination,
  keys: KeyPair,
  clock: Pick<Clock, 'sleep'>,
  learnt: (facts: CredentialFacts) => void,
): Promise<CredentialFacts> {
  let facts: CredentialFacts = {
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
  learnt(facts);
  const learn = async <Q extends Question>(question: Q, asked: Promise<CredentialFacts[Q]>) => {
    const answer = await asked;
    facts = { ...facts, [question]: answer };
    learnt(facts);
    return answer;
  };
  if (facts.applicationKeyKind !== 'application-key') return facts;
  const ask = <T>(question: () => Promise<Answer<T>>) => askWithRetries(question, clock);
  const apiKey = await learn(
    'apiKey',
    ask(() => destination.acceptsApiKey()),
  );
  if (!holds(apiKey)) return facts;
  const keyPair = await learn(
    'keyPair',
    ask(() => destination.acceptsKeyPair()),
  );
  if (!holds(keyPair)) return facts;
  const user = await learn(
    'user',
    ask(() => destination.user()),
  );
  if (user.kind !== 'answered') return facts;
  const learnTeams = async () => {
    const teams = await learn('teams', destination.teams());
    await learn('routingRules', readsAnyRoutingRules(destination, teams));
  };
  await Promise.all([
    learn('applicationKeys', destination.applicationKeys()),
    learn('users', destination.readsUsers()),
    learnTeams(),
  ]);
  return facts;
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
