import { PageCommands, type PageState, possibleDuplicateHeader } from '@pagebridge/contracts';
import { type ConsumedRecord, deadLetterOf, type OutgoingRecord } from '@pagebridge/kafka';
import { type UnreportedOutcome } from '@pagebridge/page-lifecycle';
import { alertIdentity, deadLetterHeaders } from '@pagebridge/vocabulary';
import type { CommandRecord } from './kafka-commands.ts';
import { service } from './source.ts';

const { topic, partitions } = PageCommands.card;

/**
 * Returns the dead letter of a page that was given up: the record of its command, and the reason.
 *
 * A backup has no command of its own: that of the page that it backs is rewritten for it, which a header marks. Without
 * the command the letter is a stub, which has the position of the command.
 */
export function letterOf(
  partition: number,
  { page, outcome }: UnreportedOutcome,
  command: CommandRecord | undefined,
): OutgoingRecord {
  const { reason = 'unknown', detail = '', attempts } = outcome;
  const isOwn = command?.event.data.pageId === page.pageId;
  const key = alertIdentity(outcome.sourceOrg, outcome.alertKey);
  const record = command && isOwn ? command.record : recordFor(partition, key, page, command);
  const extraHeaders = {
    ...(command && !isOwn ? { [deadLetterHeaders.rewritten]: 'true' } : {}),
    ...(command ? {} : { [deadLetterHeaders.stub]: 'true' }),
    ...(outcome.possibleDuplicate ? { [possibleDuplicateHeader]: 'true' } : {}),
  };
  const by = { group: service, service, failedAt: outcome.at };
  return deadLetterOf({ record, reason, detail, attempts, extraHeaders }, by, partitions);
}

/** Returns the record of a backup's command, or a record without a value if there is no command. */
function recordFor(
  partition: number,
  key: string,
  page: PageState,
  command: CommandRecord | undefined,
): ConsumedRecord {
  const { offset = 0, time = '' } = page.commandRecord ?? {};
  const place = { topic, partition, offset, timestamp: Date.parse(time || page.acceptedAt) };
  if (!command) return { ...place, key: Buffer.from(key), value: null, headers: {} };
  const { id: _id, data, ...attributes } = command.event;
  const { failover: _failover, ...content } = data;
  const { pageId, connectionId, teamId, teamHandle, failoverOf } = page;
  const backup = { ...content, pageId, connectionId, teamId, teamHandle, ...(failoverOf ? { failoverOf } : {}) };
  const { value, headers } = PageCommands.encode(key, { ...attributes, id: pageId }, backup);
  return { ...place, key: Buffer.from(key), value: Buffer.from(value ?? ''), headers };
}
