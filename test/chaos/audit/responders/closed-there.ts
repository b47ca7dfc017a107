import type { AlertState, PageCommand } from '@pagebridge/contracts';
import { counts, type Evidence, happened, sameTeam } from '../evidence.ts';
import type { Finding } from '../finding.ts';
import type { Entry } from '../history.ts';

/** Returns whether a responder had closed the first page, or its backup, before the destination had the second. */
export function wasClosedBefore(evidence: Evidence, first: Entry<PageCommand>, second: Entry<PageCommand>): boolean {
  const copiesOf = (page: Entry<PageCommand>) =>
    evidence.failoverGroupOf(page).flatMap(({ data }) => evidence.copies.get(data.pageId) ?? []);
  const createdAt = Math.max(...copiesOf(second).map((page) => page.createdAt));
  return copiesOf(first).some(({ closedThereAt = Number.POSITIVE_INFINITY }) => closedThereAt < createdAt);
}

/** Returns whether a repeat paged nobody because a responder had closed the page of its firing. */
export function isSilenced(evidence: Evidence, repeat: Entry<PageCommand>): boolean {
  const { data, key, offset } = repeat;
  const final = evidence.final(data.pageId);
  if (final?.reason !== 'closed-there' || data.transition !== 'renotified') return false;
  const at = Date.parse(final.at);
  return evidence.commandsOf(key).some((page) => {
    if (page.offset > offset || !sameTeam(page.data, data)) return false;
    if (page.data.urgency === 'low' && data.urgency === 'high') return false;
    const isClosed = evidence.copies.get(page.data.pageId)?.some(({ closedThereAt = at }) => closedThereAt < at);
    const triggers = [page, ...evidence.joinedTo(page).filter((joined) => joined.offset < offset)].map(happened);
    const hasRecovered = evidence
      .resolvesOf(key)
      .some((recovery) => recovery.offset < offset && triggers.every((trigger) => counts(recovery, trigger)));
    return isClosed && !hasRecovered;
  });
}

/** The answered polls of an instance after which it knows what was there before the first of them. */
const pollsToKnow = 2;

/**
 * Finds triggers that joined a page which a responder had closed, although page-delivery had to know that.
 *
 * It has to know once the owner of the partition has read the destination's list twice since the close, because it takes all
 * of the first list before it asks for the second. No record says which instance is the owner. Therefore each instance must
 * have read the list twice: since the close, since the ledger had the page, and since the first write of the owner that took
 * the trigger. The command must be younger still. `checked`: the pages with a trigger for which that is so.
 */
export function closures(evidence: Evidence): { readonly checked: number; readonly findings: Finding[] } {
  const { polls, states } = evidence.history;
  const readers = new Set(polls.map(({ reader }) => reader));
  const byOrg = Map.groupBy(polls, ({ org }) => org);
  const takers = takersOf(states);
  let checked = 0;
  const findings = [...evidence.pages.values()].flatMap((host): Finding[] => {
    const page = evidence.deliveredPage(host.data.pageId);
    const delivered = evidence.outcome(host.data.pageId, 'delivered');
    if (page?.closedThereAt === undefined || !delivered) return [];
    const since = Math.max(page.closedThereAt, Date.parse(delivered.at));
    const after = evidence
      .commandsOf(host.key)
      .filter((command) => sameTeam(command.data, host.data) && command.timestamp > since);
    let isChecked = false;
    const joined = after.flatMap((command): Finding[] => {
      const from = Math.max(since, takers.get(command.data.pageId) ?? Number.POSITIVE_INFINITY);
      const within = (byOrg.get(page.org) ?? []).filter((poll) => poll.from > from && poll.until < command.timestamp);
      const readBy = Map.groupBy(within, ({ reader }) => reader);
      if (![...readers].every((reader) => (readBy.get(reader)?.length ?? 0) >= pollsToKnow)) return [];
      isChecked = true;
      if (evidence.final(command.data.pageId)?.joinedPageId !== host.data.pageId) return [];
      const known = `closed ${command.timestamp - since} ms before, with ${within.length} answered polls since`;
      const detail = `joined ${host.data.pageId}, which was ${known}`;
      return [{ kind: 'joinedClosed', rule: 'C1', key: host.key, id: command.data.pageId, detail }];
    });
    if (isChecked) checked += 1;
    return joined;
  });
  return { checked, findings };
}

/** Returns for each page, also those that joined another, the time of the first write of the owner that took it. */
function takersOf(states: readonly Entry<AlertState>[]): ReadonlyMap<string, number> {
  const firstWrites = new Map<string, number>();
  const takers = new Map<string, number>();
  for (const { partition, timestamp, data } of states) {
    const owner = `${partition} ${data.ownerEpoch}`;
    const firstWrite = Math.min(timestamp, firstWrites.get(owner) ?? timestamp);
    firstWrites.set(owner, firstWrite);
    for (const { pageId, joined } of data.pages)
      for (const taken of [pageId, ...joined]) if (!takers.has(taken)) takers.set(taken, firstWrite);
  }
  return takers;
}
