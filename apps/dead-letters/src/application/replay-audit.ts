import { Audit, noSourceOrg, type OutgoingRecord } from '@pagebridge/contracts';
import type { Label } from '../domain/letter.ts';

const service = 'dead-letters';
/** Anyone who can write to Kafka can replay, so the audit has no authenticated identity. */
const actor = `urn:pagebridge#${service}`;
const mostNamed = 100;

export interface ReplayRun {
  readonly id: string;
  /** The name that the caller gave with `--actor`; not verified. */
  readonly onBehalfOf: string;
  readonly pageAnew: boolean;
  readonly now: Date;
}

/** Returns the audit record of a run that is about to send these letters, of which there is at least one. */
export function replayAuditOf(letters: readonly Label[], { id, onBehalfOf, pageAnew, now }: ReplayRun): OutgoingRecord {
  const at = now.toISOString();
  return Audit.encode(
    noSourceOrg,
    { id, source: `/pagebridge/${service}`, time: at },
    {
      kind: 'entry',
      sourceOrg: noSourceOrg,
      service,
      actor,
      onBehalfOf,
      action: 'dead-letters.replayed',
      target: letters[0]?.topic ?? '',
      after: { letters: letters.length, first: letters.slice(0, mostNamed).map(({ name }) => name), pageAnew },
      at,
    },
  );
}
