import { randomUUID } from 'node:crypto';
import { Audit, type AuditRecord, type OutgoingRecord } from '@pagebridge/contracts';
import type { Clock } from '@pagebridge/vocabulary';
import type { Bus, Refused } from './kafka-bus.ts';
import { type Candidate, type RecordInBatch, waitingIn } from './letters/batch.ts';
import type { Label, Letter } from './letters/letter.ts';
import type { Planned } from './plan/plan.ts';
import { type ReplayRecord, replayOf } from './plan/replay-record.ts';

type AuditEntry = Extract<AuditRecord, { kind: 'entry' }>;
/** Who sends, as the audit shall say it. */
export type Sender = Pick<AuditEntry, 'service' | 'sourceOrg' | 'actor' | 'onBehalfOf' | 'requestId'>;

/** Where letters are sent. */
export interface At {
  readonly bus: Bus;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
}

export interface SendOptions {
  /** Replays a second, at most. */
  readonly rate: number;
  readonly by: Sender;
  readonly forceNewPage: boolean;
  readonly maxBatchBytes: number | undefined;
}

const publishesPerSecond = 10;
const maxAtOnce = 1000;
const maxNamed = 100;

/**
 * Writes the run to the audit, then sends the planned replays in order.
 *
 * `onSent` receives the number that Kafka has taken so far: 0 once the audit is written. Resolves to the replays that Kafka refuses permanently, and to the names of those that
 * were not found again, since a topic may forget them meanwhile. If the process dies, the next preview skips what was sent: each replay carries the name of its dead letter.
 */
export async function send(
  planned: readonly Planned[],
  options: SendOptions,
  at: At,
  onSent: (done: number) => void,
): Promise<{ readonly refused: readonly Refused[]; readonly lost: readonly string[] }> {
  const letters = planned.filter(({ decision }) => decision.kind === 'replay').map(({ letter }) => letter);
  const { bus, clock } = at;
  await bus.audit(auditOf(letters, options, clock.now()));
  onSent(0);
  const atOnce = Math.min(Math.max(1, Math.floor(options.rate / publishesPerSecond)), maxAtOnce);
  const refused: Refused[] = [];
  let done = 0;
  let part: ReplayRecord[] = [];
  const lost: string[] = [];
  const flush = async () => {
    if (done > 0) await clock.sleep((atOnce / options.rate) * 1000);
    refused.push(...(await bus.publish(part)));
    done += part.length;
    part = [];
    onSent(done - refused.length);
  };
  for await (const { letter, record } of recordsOf(letters, options, at)) {
    if (record) part.push(record);
    else lost.push(letter.name);
    if (part.length === atOnce) await flush();
  }
  if (part.length > 0) await flush();
  return { refused, lost };
}

/** Yields the replays of these letters, in order, without a record where it is not found again. Opens each batch again, so that only one is in memory. */
async function* recordsOf(
  letters: readonly Candidate[],
  { maxBatchBytes, forceNewPage }: SendOptions,
  { bus, clock }: At,
): AsyncGenerator<{ readonly letter: Candidate; readonly record?: ReplayRecord }> {
  let open: Letter | undefined;
  let records = new Map<number, RecordInBatch>();
  for (const letter of letters) {
    if ('batch' in letter && letter.batch !== open) {
      open = letter.batch;
      const contents = await bus.openBatch(open.record.value ?? Buffer.alloc(0), maxBatchBytes ?? 0);
      records = new Map(waitingIn(open, contents.records).map((each) => [each.offset, each]));
    }
    const record = 'record' in letter ? letter.record : records.get(letter.origin.offset ?? -1);
    yield record ? { letter, record: replayOf(letter, record, { now: clock.now(), forceNewPage }) } : { letter };
  }
}

/** Returns the audit record of a run that is about to send these letters, of which there is at least one. */
function auditOf(letters: readonly Label[], { by, forceNewPage }: SendOptions, now: Date): OutgoingRecord {
  const at = now.toISOString();
  const first = letters.slice(0, maxNamed).map(({ name }) => name);
  const target = [...new Set(letters.map(({ topic }) => topic))].join(',');
  return Audit.encode(
    by.sourceOrg,
    { id: randomUUID(), source: `/pagebridge/${by.service}`, time: at },
    {
      ...{ kind: 'entry', ...by, action: 'dead-letters.replayed', at },
      ...{ target, after: { letters: letters.length, first, forceNewPage } },
    },
  );
}
