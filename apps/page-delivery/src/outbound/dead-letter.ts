import {
  deadLetterTopicOf,
  type PageCommand,
  PageCommands,
  type PageOutcome,
  type PageState,
  possibleDuplicateHeader,
} from '@pagebridge/contracts';
import type { OutgoingRecord } from '@pagebridge/kafka';
import { alertIdentity } from '@pagebridge/vocabulary';

/**
 * The dead letter of a page that was given up: its command as the router wrote it, and why.
 *
 * The record itself may be gone by then, so it is written again from the ledger, with the same key, event id, source,
 * time and data; `x-dlq-rewritten` says so. Undefined if the ledger no longer holds the command: it was written before.
 */
export function deadLetterOf(
  partition: number,
  page: PageState,
  outcome: PageOutcome,
  service: string,
): OutgoingRecord | undefined {
  const command = commandOf(page, outcome);
  if (!command || !page.command) return undefined;
  const { id, source, time, offset } = page.command;
  const { traceparent } = page;
  const attributes = { id, source, time, ...(traceparent ? { traceparent } : {}) };
  const record = PageCommands.encode(alertIdentity(command.sourceOrg, command.alertKey), attributes, command);
  return {
    ...record,
    topic: deadLetterTopicOf(record.topic),
    partition,
    headers: {
      ...record.headers,
      'x-dlq-reason': outcome.reason ?? 'unknown',
      'x-dlq-detail': readable(outcome.detail ?? ''),
      'x-dlq-topic': record.topic,
      'x-dlq-partition': String(partition),
      'x-dlq-offset': String(offset),
      'x-dlq-group': service,
      'x-dlq-service': service,
      'x-dlq-failed-at': outcome.at,
      'x-dlq-attempts': String(outcome.attempts),
      'x-dlq-rewritten': 'true',
      ...(outcome.possibleDuplicate ? { [possibleDuplicateHeader]: 'true' } : {}),
    },
  };
}

/** A dead letter that Kafka does not take, without its command: that stands in its topic, for as long as it is kept there. */
export function stubOf(letter: OutgoingRecord, detail: string): OutgoingRecord {
  const kept = Object.entries(letter.headers).filter(([name]) => name.startsWith('x-'));
  return {
    ...letter,
    value: null,
    headers: {
      ...Object.fromEntries(kept),
      'x-dlq-stub': 'true',
      'x-dlq-bytes': String(Buffer.byteLength(letter.value ?? '')),
      'x-dlq-stub-detail': readable(detail).slice(0, 256),
    },
  };
}

function commandOf(page: PageState, outcome: PageOutcome): PageCommand | undefined {
  if (!page.command || !page.content) return undefined;
  const { transition, handle, matched, ambiguousWith } = page.command;
  if (transition === 'recovered') return undefined;
  return {
    kind: 'page',
    pageId: page.pageId,
    sourceOrg: outcome.sourceOrg,
    alertKey: outcome.alertKey,
    alertEventId: page.alertEventId,
    transition,
    occurredAt: page.occurredAt,
    connectionId: page.connectionId,
    teamId: page.teamId,
    teamHandle: page.teamHandle,
    handle,
    matched,
    ...(ambiguousWith ? { ambiguousWith } : {}),
    urgency: page.urgency,
    ...page.content,
    ...(page.failover ? { failover: page.failover } : {}),
    ...(page.failoverOf ? { failoverOf: page.failoverOf } : {}),
  };
}

// Headers are read on consoles: what is not printable ASCII is escaped.
const readable = (text: string): string =>
  text.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
