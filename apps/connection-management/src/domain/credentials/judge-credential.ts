import { cureOfPermission, requiredPermissions } from '@pagebridge/vocabulary';
import type { Answer, Check, CheckVerdict, CredentialFacts, DestinationUser } from './check.ts';

/**
 * Judges a key pair from the destination's answers: every check, in order, with its cure.
 *
 * The verdict is `passed` if no check failed and the user is known. An `unknown` check does not prevent that, since a service
 * account with only the required permissions may not list its own keys. A missing answer makes the verdict `unavailable`,
 * unless another check failed. `expectedOrg`: the org to which a rotated pair must still belong.
 */
export function judgeCredential(facts: CredentialFacts, expectedOrg?: { id: string; name: string }): CheckVerdict {
  const user = facts.user.kind === 'answered' ? facts.user.value : undefined;
  const checks = [
    applicationKeyKind(facts),
    apiKey(facts.apiKey),
    keyPair(facts.keyPair),
    serviceAccount(facts.user),
    enabled(facts.user),
    ...(expectedOrg ? [sameOrg(user, expectedOrg)] : []),
    unscoped(facts),
    ...requiredPermissions.map((permission) => permissionHeld(permission, user, facts)),
    reads('reads-users', facts.users, user, 'user_access_read'),
    reads('reads-teams', facts.teams, user, 'teams_read'),
    readsRoutingRules(facts, user),
  ];
  if (checks.some((check) => check.result === 'failed')) return { kind: 'failed', checks };
  const silent = answersOf(facts).find((answer) => answer.kind === 'unavailable');
  if (silent) return { ...silent, kind: 'unavailable', checks };
  if (!user) return { kind: 'unavailable', checks, cause: 'bad-answer', detail: 'the destination returned no user' };
  return { kind: 'passed', checks, destinationOrg: user.org, serviceAccountId: user.id };
}

/**
 * Returns the checks of a verdict on some of the facts that keep their result, whatever else is learnt: a check is `skipped` until its
 * question was answered.
 */
export const judgedChecks = ({ checks }: CheckVerdict): readonly Check[] =>
  checks.filter(({ result }) => result !== 'skipped');

const answersOf = (facts: CredentialFacts): readonly Answer<unknown>[] => [
  facts.apiKey,
  facts.keyPair,
  facts.user,
  facts.applicationKeys,
  facts.users,
  facts.teams,
  facts.routingRules,
];

const passed = (name: string, detail: string): Check => ({ name, result: 'passed', detail });
const failed = (name: string, detail: string, cure: string, missingPermission?: string): Check => ({
  name,
  result: 'failed',
  detail,
  cure,
  ...(missingPermission ? { missingPermission } : {}),
});

/** Returns the check for a question without a usable answer. */
function unanswered(name: string, answer: Answer<unknown>): Check {
  if (answer.kind === 'unavailable') {
    return { name, result: 'unknown', detail: answer.detail, cure: 'Retry the request. Nothing was stored.' };
  }
  return { name, result: 'skipped', detail: 'skipped, because an earlier check failed' };
}

function applicationKeyKind({ applicationKeyKind: kind }: CredentialFacts): Check {
  const name = 'application-key-kind';
  if (kind === 'application-key') return passed(name, 'the key is not an access token');
  return failed(
    name,
    `the key is a ${kind.replaceAll('-', ' ')}, which always has scopes`,
    'Create an application key without scopes for the service account, and use it.',
  );
}

function apiKey(answer: Answer<boolean>): Check {
  const name = 'api-key';
  if (answer.kind === 'answered' && answer.value) return passed(name, 'the destination accepts the API key');
  if (answer.kind === 'unavailable' || answer.kind === 'not-asked') return unanswered(name, answer);
  return failed(
    name,
    'the destination rejects the API key',
    'Use an active API key of this data center, not an application key, and copy the whole key.',
  );
}

function keyPair(answer: Answer<boolean>): Check {
  const name = 'key-pair';
  if (answer.kind === 'answered' && answer.value) return passed(name, 'both keys belong together');
  if (answer.kind === 'unavailable' || answer.kind === 'not-asked') return unanswered(name, answer);
  return failed(
    name,
    'the destination rejects the application key with this API key',
    'Use an application key of an enabled service account in the same org.',
  );
}

function serviceAccount(answer: Answer<DestinationUser>): Check {
  const name = 'service-account';
  if (answer.kind !== 'answered') return userUnanswered(name, answer);
  if (answer.value.serviceAccount) return passed(name, 'the application key belongs to a service account');
  return failed(
    name,
    'the application key belongs to a person; paging would stop when they leave',
    'Create a service account in the destination org, and use its application key.',
  );
}

function enabled(answer: Answer<DestinationUser>): Check {
  const name = 'account-enabled';
  if (answer.kind !== 'answered') return userUnanswered(name, answer);
  if (!answer.value.disabled) return passed(name, 'the account is enabled');
  return failed(name, 'the account is disabled', 'Enable the service account in the destination org.');
}

function userUnanswered(name: string, answer: Answer<DestinationUser>): Check {
  if (answer.kind !== 'refused') return unanswered(name, answer);
  return failed(
    name,
    `the destination does not name the owner of the key: ${answer.detail}`,
    'Use an application key of an enabled service account.',
  );
}

function sameOrg(user: DestinationUser | undefined, expected: { id: string; name: string }): Check {
  const name = 'same-org';
  if (!user) return { name, result: 'skipped', detail: 'skipped, because an earlier check failed' };
  if (user.org.id === expected.id) return passed(name, `the keys belong to ${expected.name}, as before`);
  return failed(
    name,
    `the keys belong to ${user.org.name}, but the connection pages ${expected.name}`,
    'Use keys of the same destination org, or add a connection for the other org.',
  );
}

function unscoped({ applicationKeys: answer, applicationKeyLast4 }: CredentialFacts): Check {
  const name = 'unscoped';
  if (answer.kind === 'unavailable' || answer.kind === 'not-asked') return unanswered(name, answer);
  if (answer.kind === 'refused') {
    const detail = 'scopes are not visible, because the account lacks user_app_keys; this is normal';
    return { name, result: 'unknown', detail };
  }
  const candidates = answer.value.filter((key) => key.last4 === applicationKeyLast4);
  if (candidates.length === 0)
    return { name, result: 'unknown', detail: "the key is not in its account's list of keys" };
  if (candidates.some((key) => key.scopes === null)) return passed(name, 'the application key has no scopes');
  return failed(name, 'the application key is restricted to scopes', unscopedCure);
}

const unscopedCure = 'Create an application key without scopes for the service account, and use it.';

type Permission = (typeof requiredPermissions)[number];

function permissionHeld(permission: Permission, user: DestinationUser | undefined, facts: CredentialFacts): Check {
  const name = `permission:${permission.name}`;
  if (!user) return unanswered(name, facts.user);
  if (!user.permissions) {
    return { name, result: 'unknown', detail: "the destination did not list the account's permissions" };
  }
  if (user.permissions.includes(permission.name)) return passed(name, `allows ${permission.purpose}`);
  return failed(name, `missing: needed for ${permission.purpose}`, cureOfPermission(permission.name), permission.name);
}

function reads(name: string, answer: Answer<unknown>, user: DestinationUser | undefined, needed: string): Check {
  if (answer.kind === 'answered') return passed(name, 'tested and allowed');
  if (answer.kind !== 'refused') return unanswered(name, answer);
  return refusedRead(name, answer.detail, user, needed);
}

function readsRoutingRules(facts: CredentialFacts, user: DestinationUser | undefined): Check {
  const name = 'reads-routing-rules';
  const answer = facts.routingRules;
  if (answer.kind === 'not-asked' && facts.teams.kind === 'answered') {
    return { name, result: 'skipped', detail: 'the destination has no team for a test' };
  }
  return reads(name, answer, user, 'on_call_read');
}

/** Returns the check for a refused read. A read that the role allows is refused to a key that is restricted to scopes. */
function refusedRead(name: string, detail: string, user: DestinationUser | undefined, needed: string): Check {
  const roleAllows = user?.permissions?.includes(needed);
  const cure = roleAllows
    ? `The account has ${needed}, but the key does not. ${unscopedCure}`
    : cureOfPermission(needed);
  return failed(name, `tested and denied: ${detail}`, cure, needed);
}
