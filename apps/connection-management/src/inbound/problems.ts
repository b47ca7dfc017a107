import { Denial, Problem } from '@pagebridge/service';
import type { UnfitTopic } from '../application/ports.ts';
import type { Outcome, Refusal } from '../application/refusal.ts';
import type { Check } from '../domain/credentials/check.ts';
import type { LimitName } from '../domain/limits.ts';
import { tokenProblem } from './tokens/token-problems.ts';

/** Returns the value of an outcome, or throws the problem of its refusal. */
export function accepted<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw problemOf(outcome.refusal);
}

/** Returns the problem for a refusal: its status, what is wrong with which field, and the cure. */
export function problemOf(refusal: Refusal): Problem {
  switch (refusal.reason) {
    case 'not-found':
      return problem(404, 'not-found', 'Not found', `There is no ${refusal.what} in this source org.`);
    case 'unknown-data-center': {
      const cure = `Use one of ${refusal.known.join(', ')}.`;
      const message = `dataCenter ${refusal.dataCenter} is not in the catalogue`;
      return problem(400, refusal.reason, 'Unknown data center', `${message}. ${cure}`, [
        { field: 'dataCenter', message, cure },
      ]);
    }
    case 'name-taken':
      return taken('name', 'Give another name, or change the connection that has this one.');
    case 'slug-taken':
      return taken('slug', 'Give another slug.');
    case 'destination-taken':
      return destinationTaken(refusal.by);
    case 'connection-deleting': {
      const detail = `"${refusal.name}" is being deleted: its open pages are being resolved. Wait until it is gone, or remove it at once with DELETE …?force=true.`;
      return problem(409, refusal.reason, 'The connection is being deleted', detail);
    }
    case 'too-many-connections': {
      const cure =
        'Delete one that is not needed, or have an operator raise CONNECTIONS_PER_ORG of connection-management.';
      const detail = `A source org may have ${refusal.most} connections, and this one already has as many; nothing was stored. ${cure}`;
      return problem(409, refusal.reason, 'Too many connections', detail);
    }
    case 'limit-reached':
      return limitReached(refusal);
    case 'connection-disabled': {
      const detail = `"${refusal.name}" is disabled, so it is not synced. Enable it first. POST …/check with both keys in the body works for a disabled connection too.`;
      return problem(409, refusal.reason, 'The connection is disabled', detail);
    }
    case 'if-match-missing': {
      const cure = 'Read the resource, and send its ETag as If-Match.';
      return problem(428, refusal.reason, 'If-Match is required', 'A change must name the version that it changes.', [
        { field: 'if-match', message: 'if-match is missing', cure },
      ]);
    }
    case 'if-match-malformed': {
      const cure = `Send the ETag exactly as received, with its quotes: ${refusal.entityTag}.`;
      return problem(400, refusal.reason, 'If-Match is malformed', `If-Match contains no entity tag. ${cure}`, [
        { field: 'if-match', message: 'if-match must be an entity tag in quotes, a list of them, or *', cure },
      ]);
    }
    case 'if-match-stale': {
      const cure = `Read it again and repeat the change; its ETag is now ${refusal.entityTag}.`;
      return problem(412, refusal.reason, 'It has changed', 'It was changed after you read it; nothing was stored.', [
        { field: 'if-match', message: 'if-match does not name the present version', cure },
      ]);
    }
    case 'own-backup':
      return unfitBackup(refusal.reason, 'failover.connectionId is the connection itself', 'Name another connection.');
    case 'unknown-backup': {
      const cure = 'Take the id from the list of connections.';
      return unfitBackup(refusal.reason, 'failover.connectionId is not a connection of this source org', cure);
    }
    case 'is-backup': {
      const detail = `It is the backup of ${refusal.of.join(', ')}; nothing was removed. First give them another failover, or none.`;
      return problem(409, refusal.reason, 'It is the backup of others', detail);
    }
    case 'alert-topic-both-first':
    case 'alert-topic-unfit':
      return alertTopicProblem(refusal);
    case 'permission-not-held':
    case 'expiry-out-of-range':
    case 'too-many-tokens':
    case 'too-many-kept-tokens':
    case 'tokens-off':
      return tokenProblem(refusal);
    case 'other-credential':
      return otherCredential(refusal);
    case 'seal-unfit':
      return sealUnfit(refusal);
    case 'credential-refused':
      return credentialRefused(refusal.checks);
    case 'destination-unavailable':
      return destinationUnavailable(refusal);
  }
}

type FieldErrors = { field: string; message: string; cure: string }[];

const problem = (status: number, code: string, title: string, detail: string, errors?: FieldErrors): Problem =>
  new Problem({ status, code, title, detail, ...(errors ? { errors } : {}) });

const taken = (field: 'name' | 'slug', cure: string): Problem => {
  const message = `another connection of this source org has this ${field}`;
  return problem(409, `${field}-taken`, `The ${field} is taken`, `A${message.slice(1)}; nothing was stored.`, [
    { field, message: `${field} is taken: ${message}`, cure },
  ]);
};

function destinationTaken({
  id,
  name,
  destinationOrg,
  deletion,
}: Extract<Refusal, { reason: 'destination-taken' }>['by']): Problem {
  const leads = `connection "${name}" of this source org already leads to ${destinationOrg.name || destinationOrg.id}`;
  const message = deletion ? `${leads}, and is being deleted` : leads;
  const instead = deletion
    ? `Wait until that one (${id}) is gone, or remove it at once with DELETE …?force=true`
    : `Use that one (${id}), or rotate its keys`;
  const cure = `${instead}; to have both, send "allowDuplicate": true: each of their handles then means two teams.`;
  const detail = `C${message.slice(1)}; nothing was stored. ${cure}`;
  const errors = [{ field: 'allowDuplicate', message, cure }];
  const title = 'The destination is connected already';
  return new Problem({ status: 409, code: 'destination-taken', title, detail, errors }, { connectionId: id });
}

const unfitBackup = (code: string, message: string, cure: string): Problem =>
  problem(400, code, 'The backup cannot be used', `${message}; nothing was stored. ${cure}`, [
    { field: 'failover.connectionId', message, cure },
  ]);

function otherCredential({
  apiKeyLast4,
  applicationKeyLast4,
}: Extract<Refusal, { reason: 'other-credential' }>): Problem {
  const cure = 'Send the stored keys, or none. To check and store new keys, use PUT credentials.';
  const detail = `The stored keys end in ${apiKeyLast4} and ${applicationKeyLast4}; these are different keys.`;
  return problem(422, 'other-credential', 'Other keys', detail, [
    { field: 'apiKey', message: 'apiKey and applicationKey are not the stored ones', cure },
  ]);
}

function sealUnfit({ field, detail }: Extract<Refusal, { reason: 'seal-unfit' }>): Problem {
  const message = `${field} does not fit: ${detail}`;
  const cure = 'Read the connection again from Kafka, and seal its keys for the public key of this service.';
  return problem(422, 'seal-unfit', 'The seal does not fit', `${message}. Nothing was stored. ${cure}`, [
    { field, message, cure },
  ]);
}

function credentialRefused(checks: readonly Check[]): Problem {
  const errors = checks
    .filter((check) => check.result === 'failed')
    .map((check) => ({
      field: check.name === 'api-key' ? 'apiKey' : 'applicationKey',
      message: `${check.name}: ${check.detail}`,
      cure: check.cure ?? '',
    }));
  const detail = `${errors.map(({ message }) => message).join('; ')}. Nothing was stored.`;
  const title = 'The keys do not pass the checks';
  return new Problem({ status: 422, code: 'credential-refused', title, detail, errors }, { checks });
}

function destinationUnavailable(refusal: Extract<Refusal, { reason: 'destination-unavailable' }>): Problem {
  const { cause, checks, retryAfterMs } = refusal;
  const isBadAnswer = cause === 'bad-answer';
  return new Problem(
    {
      status: isBadAnswer ? 502 : 503,
      code: isBadAnswer ? 'destination-bad-answer' : 'destination-unavailable',
      title: isBadAnswer ? 'The destination gave an invalid answer' : 'The destination does not answer',
      detail: `The keys could not be checked: ${refusal.detail}. Nothing was stored; try again.`,
    },
    { checks, retriable: true, retryAfterMs },
  );
}

const limited: Readonly<Record<LimitName, string>> = {
  'refused-keys': 'pairs of keys may be refused to one caller',
  rotations: 'rotations may be asked for by one caller',
  'added-connections': 'connections may be added to one source org',
  'made-tokens': 'API tokens may be made for one source org',
  changes: 'changes may be asked for by one source org',
  checks: 'checks may be asked for by one source org',
  syncs: 'syncs may be asked for by one source org',
};

function limitReached({ limit, retryAfterMs }: Extract<Refusal, { reason: 'limit-reached' }>): Problem {
  const window = limit.windowSeconds === 60 ? 'a minute' : 'an hour';
  const bound = `At most ${limit.most} ${limited[limit.name]} in ${window}`;
  const detail = `${bound}; no destination was called, and nothing was stored. Try again in ${Math.ceil(retryAfterMs / 1000)} s.`;
  const details = { status: 429, code: 'limit-reached', title: 'Too many requests', detail };
  return new Denial(details, { limit: limit.name, retriable: true, retryAfterMs });
}

type AlertTopicRefusal = Extract<Refusal, { reason: 'alert-topic-both-first' | 'alert-topic-unfit' }>;

const topicCures: Readonly<Record<UnfitTopic['fault'], string>> = {
  'kafka-unavailable': 'Try again.',
  unseen:
    'Create the topic with the program `topics --org <org>`, and grant the rights that the program `acls --org <org>` prints.',
  partitions: 'Delete the topic, and create it again with the program `topics --org <org>`.',
};

// Returns the problem of an alert topic that cannot be used now.
function alertTopicProblem(refusal: AlertTopicRefusal): Problem {
  if (refusal.reason === 'alert-topic-both-first') {
    const { readyAt } = refusal;
    const message = readyAt
      ? 'alertTopic has not been both for long enough: alerts may still be in flight on the topic that would be dropped'
      : 'alertTopic cannot change directly between shared and own: alerts may be in flight';
    const cure = readyAt ? `Try again at ${readyAt.toISOString()} or later.` : 'Set both first.';
    return unstored(409, refusal.reason, 'Both topics must be read first', message, cure);
  }
  const { detail, fault } = refusal;
  const message = `alertTopic needs a topic of the org: ${detail}`;
  const cure = topicCures[fault];
  return unstored(
    fault === 'kafka-unavailable' ? 503 : 409,
    refusal.reason,
    'The org has no such topic',
    message,
    cure,
  );
}

const unstored = (status: number, code: string, title: string, message: string, cure: string): Problem =>
  problem(status, code, title, `${message}; nothing was stored. ${cure}`, [{ field: 'alertTopic', message, cure }]);
