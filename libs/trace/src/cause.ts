import type { Fault, PageOutcome } from '@pagebridge/contracts';
import { cureOfCredential, retryReasonOf } from '@pagebridge/vocabulary';
import type { Hop } from './hop.ts';
import type { PageStory } from './story.ts';

/** What is known of the credentials of connections, by their ids. */
export type Credentials = ReadonlyMap<
  string,
  {
    /** Why page-delivery cannot use it now. */
    readonly fault: Fault | undefined;
    /** When it was last seen to be accepted, in ms since the epoch. */
    readonly acceptedAt: number;
  }
>;

/** How far a service has read a partition, as its committed position says. */
export interface Lag {
  readonly service: string;
  readonly topic: string;
  readonly partition: number;
  /** The next offset that it read before the records of the trace were read: it has dealt with what is before. */
  readonly before: number;
  /** The next offset that it read after that. */
  readonly position: number;
}

/** Why a page waits, and what to do. */
export interface Cause {
  readonly why: string;
  readonly cure?: string | undefined;
  /** Set while the keys of the connection are refused. */
  readonly refused?: { readonly missingPermission?: string | undefined };
}

/** Returns why a page waits. `last`: its last failed call. */
export function causeOf(
  { state, lastCommand, connectionId, connection }: PageStory,
  last: PageOutcome | undefined,
  { credentials, lags }: { readonly credentials: Credentials; readonly lags: readonly Lag[] },
): Cause {
  const name = connection?.name ?? `connection ${connectionId}`;
  const { fault: known, acceptedAt = 0 } = credentials.get(connectionId) ?? {};
  const fault = explaining(known, last);
  const failed = retryReasonOf(last?.reason ?? '');
  if (fault) {
    const { missingPermission, unopenable } = fault;
    // The keys are accepted, and nothing is known to be missing: new keys may not help.
    const isForbidden = last?.reason === 'forbidden' && !missingPermission && !unopenable;
    const cure = isForbidden ? failed?.cure : cureOfCredential(fault);
    return { why: `${name} ${refusal(fault)}`, cure, refused: { missingPermission } };
  }
  if (last && isRefusal(last) && Date.parse(last.at) < acceptedAt)
    return { why: `${name} accepts the keys again, and has not been called since` };
  if (last) {
    return failed
      ? { why: `${name} ${failed.cause}`, cure: failed.cure }
      : { why: `${name} fails: ${last.detail ?? last.reason}` };
  }
  const unread = lastCommand && lagOf(lastCommand, lags);
  const uncalled = state ? `${name} has not been called yet` : 'page-delivery has not written a result yet';
  return { why: unread ?? uncalled };
}

/** Returns the fault of the credential if it, and not the last call for the page, says why the page waits. */
function explaining(fault: Fault | undefined, last: PageOutcome | undefined): Fault | undefined {
  // Pages are created without the permission to resolve them.
  if (!fault || fault.missingPermission === 'on_call_respond') return undefined;
  return !last || isRefusal(last) || Date.parse(last.at) < fault.since.getTime() ? fault : undefined;
}

const isRefusal = ({ reason }: PageOutcome): boolean => reason === 'credential' || reason === 'forbidden';

function refusal({ unopenable, missingPermission }: Fault): string {
  if (unopenable) return 'cannot be called because its keys cannot be decrypted';
  return missingPermission === undefined ? 'rejects the keys' : `rejects the keys: ${missingPermission} is missing`;
}

/** Returns whether the service that reads the topic of a record has read the record. */
export const hasRead = ({ topic, partition, offset }: Hop, lags: readonly Lag[]): boolean =>
  lags.some((one) => one.topic === topic && one.partition === partition && one.before > offset);

/** Returns which service has not read a record, and how far it is behind. */
export function lagOf({ topic, partition, offset }: Hop, lags: readonly Lag[]): string | undefined {
  const lag = lags.find((one) => one.topic === topic && one.partition === partition && one.position <= offset);
  if (!lag) return undefined;
  const behind = offset - lag.position + 1;
  return `${lag.service} has not read it yet: it is ${behind} ${behind === 1 ? 'record' : 'records'} behind on ${topic}`;
}
