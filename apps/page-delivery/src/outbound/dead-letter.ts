import {
  type PageCommand,
  PageCommands,
  type PageOutcome,
  type PageState,
  possibleDuplicateHeader,
} from '@pagebridge/contracts';
import { failureHeaders, type OutgoingRecord } from '@pagebridge/kafka';
import { alertIdentity, deadLetterHeaders, deadLetterTopicOf } from '@pagebridge/vocabulary';

/**
 * Returns the dead letter of a page that was given up: its command as page-routing wrote it, and the reason.
 *
 * The record of the command may be deleted, so the copy in the ledger is used, with the same key, event id, source,
 * time and data; a header marks it as rewritten. Returns undefined if the ledger no longer has the command, because the
 * dead letter was already written.
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
      ...failureHeaders({
        topic: record.topic,
        partition,
        offset,
        reason: outcome.reason ?? 'unknown',
        detail: outcome.detail ?? '',
        attempts: outcome.attempts,
        group: service,
        service,
        failedAt: outcome.at,
      }),
      [deadLetterHeaders.rewritten]: 'true',
      ...(outcome.possibleDuplicate ? { [possibleDuplicateHeader]: 'true' } : {}),
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
