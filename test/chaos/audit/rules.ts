import type { AlertState, Occurrence, OutcomeKind, PageCommand, UnroutedHandle } from '@pagebridge/contracts';
import { handleOf } from '@pagebridge/vocabulary';
import { Answers, counts, type Evidence, firstAt, happened, sameTeam, steadyReaders } from './evidence.ts';
import type { DestinationPage, Entry, Finding, History } from './history.ts';

/** Returns whether a responder had closed the first page, or its backup, before the destination had the second. */
function wasClosedBefore(evidence: Evidence, first: Entry<PageCommand>, second: Entry<PageCommand>): boolean {
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

/** Returns the pages that responders receive twice. */
export const duplicates = (evidence: Evidence): Finding[] => [
  ...copies(evidence),
  ...parallel(evidence),
  ...bothOpen(evidence),
];

// One copy may lack the tag, whichever arrived first, if all others have it.
function copies(evidence: Evidence): Finding[] {
  return [...evidence.copies].flatMap(([pageId, all]) => {
    if (pageId === '' || all.length < 2) return [];
    const key = evidence.pages.get(pageId)?.key ?? '';
    const untagged = all.filter(({ tagged }) => !tagged).length;
    const silent = Math.max(0, untagged - 1);
    const named = (page: DestinationPage) => `${page.id}${page.tagged ? ' (tagged)' : ''}`;
    const detail = `${all.length} pages in ${all[0]?.org}: ${all.map(named).join(', ')}`;
    return Array.from({ length: all.length - 1 }, (_, index): Finding => {
      const kind = index < silent ? 'duplicateUntagged' : 'duplicateTagged';
      return { kind, rule: 'D1', key, id: pageId, detail };
    });
  });
}

/** Finds two page commands of one team that both paged, although the second should have joined the first. */
function parallel(evidence: Evidence): Finding[] {
  return [...evidence.pages.values()].flatMap((second) => {
    if (second.data.failoverOf || !paged(evidence, second)) return [];
    const first = evidence
      .commandsOf(second.key)
      .findLast((other) => other.offset < second.offset && sameTeam(other.data, second.data) && paged(evidence, other));
    if (!first || mayFollow(evidence, first, second)) return [];
    const detail = `the page of ${first.data.pageId} was open, and no recovery stands between the two`;
    return [{ kind: 'duplicateUntagged', rule: 'D2', key: second.key, id: second.data.pageId, detail }];
  });
}

/** Finds pages and backups that are both open, although one should have superseded the other. */
function bothOpen(evidence: Evidence): Finding[] {
  return [...evidence.pages.values()].flatMap((page) => {
    const open = page.data.failoverOf ? [] : openIn(evidence, page);
    const unresolved = open.filter(({ data }) => evidence.outcome(data.pageId, 'unresolved'));
    if (open.length - unresolved.length < 2) return [];
    const detail = `open at once: ${open.map(({ data }) => data.pageId).join(', ')}`;
    return [{ kind: 'duplicateUntagged', rule: 'D3', key: page.key, id: page.data.pageId, detail }];
  });
}

const paged = (evidence: Evidence, page: Entry<PageCommand>): boolean =>
  evidence.failoverGroupOf(page).some(({ data }) => evidence.final(data.pageId)?.outcome === 'delivered');

const mayFollow = (evidence: Evidence, first: Entry<PageCommand>, second: Entry<PageCommand>): boolean =>
  (first.data.urgency === 'low' && second.data.urgency === 'high') ||
  wasClosedBefore(evidence, first, second) ||
  evidence
    .resolvesOf(first.key)
    .some((it) => counts(it, happened(first)) && it.offset > first.offset && it.offset < second.offset);

// After this time even a router that was frozen or cut off from Kafka has read a handle.
const marginMs = 60_000;

/** Returns whether the handle of a page became known after its alert was routed. */
export const isLate = ({ tags }: PageCommand): boolean => tags.includes('late');

/** Finds late pages that came wrongly, too late, or not at all. */
export function late(evidence: Evidence): Finding[] {
  return [...unfounded(evidence), ...overtaken(evidence), ...missed(evidence)];
}

const latePages = ({ history }: Evidence) =>
  history.commands.filter((entry): entry is Entry<PageCommand> => entry.data.kind === 'page' && isLate(entry.data));

/** Finds late pages of handles without a record that they were waiting. */
function unfounded(evidence: Evidence): Finding[] {
  return latePages(evidence).flatMap((page): Finding[] => {
    if (waitsOf(evidence, page).some(({ timestamp }) => timestamp <= page.timestamp)) return [];
    const detail = `late, and no record says that ${page.data.handle} waited`;
    return [{ kind: 'orderViolation', rule: 'O5', key: page.key, id: page.data.pageId, detail }];
  });
}

/** Finds late pages after a resolve that counts for their alert. Only the ledger can have kept them from paging. */
function overtaken(evidence: Evidence): Finding[] {
  return latePages(evidence).flatMap((page): Finding[] => {
    const [waited] = waitsOf(evidence, page);
    const trigger = waited ? fired(waited) : happened(page);
    const before = evidence
      .resolvesOf(page.key)
      .find((resolve) => resolve.offset < page.offset && counts(resolve, trigger));
    if (!before) return [];
    const detail = `late, at offset ${page.offset}, behind the resolve at ${before.offset}`;
    return [{ kind: 'orderViolation', rule: 'O6', key: page.key, id: page.data.pageId, detail }];
  });
}

/** Finds waiting handles that became known in time and for good, without a recovery before, and still paged nobody. */
function missed(evidence: Evidence): Finding[] {
  const answers = new Answers(evidence.history);
  return waiting(evidence).flatMap((entry): Finding[] => {
    const { key, timestamp, data } = entry;
    const knownAt = evidence.known.knownSince(data.sourceOrg, data.handle);
    if (knownAt === undefined || knownAt < timestamp || knownAt > Date.parse(data.waitingUntil) - marginMs) return [];
    const hasRecovered = evidence
      .resolvesOf(key)
      .some((resolve) => counts(resolve, fired(entry)) && resolve.timestamp < knownAt + marginMs);
    if (hasRecovered || answers.pages(data.alertEventId, data.handle).length > 0) return [];
    const detail = `${data.handle} was known ${knownAt - timestamp} ms after it was unrouted, and was not paged`;
    return [{ kind: 'lost', rule: 'L10', key, id: data.alertEventId, detail }];
  });
}

type Waiting = UnroutedHandle & { readonly waitingUntil: string };

const waiting = ({ history }: Evidence) =>
  history.unrouted.filter((entry): entry is Entry<Waiting> => entry.data.waitingUntil !== undefined);

const waitsOf = (evidence: Evidence, { data: { alertEventId, handle } }: Entry<PageCommand>) =>
  waiting(evidence).filter(({ data }) => data.alertEventId === alertEventId && data.handle === handle);

const fired = ({ data: { occurredAt, alert } }: Entry<Waiting>): Occurrence => ({
  at: Date.parse(occurredAt),
  record: alert && `${alert.topic}/${alert.partition}/${alert.offset}`,
});

/**
 * Finds handles that were unrouted as unknown although they had been known, and their destination neither deleted the team
 * nor took it off call.
 *
 * Only the destination can tell which teams were deleted: the topics contain what handle-sync concluded.
 */
export function unroutedWrongly({ history }: Evidence): Finding[] {
  const known = knownSince(history);
  const firstAlertAt = firstAt(history.alerts);
  return history.unrouted.flatMap(({ key, timestamp, data }): Finding[] => {
    if (data.reason !== 'unknown-handle') return [];
    const since = known.get(`${data.sourceOrg} ${data.handle}`);
    if (since === undefined) return [];
    // Before the first alert, every router was checked to know the teams of that time.
    if (since > firstAlertAt && timestamp - since < marginMs) return [];
    const detail = `${data.handle} is unrouted as unknown ${timestamp - since} ms after it was known, and its team was never deleted`;
    return [{ kind: 'unroutedWrongly', rule: 'U1', key, id: data.alertEventId, detail }];
  });
}

/** Returns since when each handle of a team that is still on call was known, including former handles. */
function knownSince({ connections, handles, teams }: History): ReadonlyMap<string, number> {
  const there = new Set(teams.flatMap(({ id, isOnCall }) => (isOnCall ? [id] : [])));
  const readers = steadyReaders(connections);
  const since = new Map<string, number>();
  for (const { timestamp, data } of handles) {
    if (!data?.onCall || !there.has(data.teamId)) continue;
    for (const reader of readers.get(data.directory) ?? []) {
      const name = `${reader.sourceOrg} ${handleOf(data.teamHandle)}`;
      const at = Math.max(timestamp, reader.since);
      since.set(name, Math.min(at, since.get(name) ?? at));
    }
  }
  return since;
}

/** A call that was in flight when the end of its page was decided may still create the page. This is its timeout and a margin. */
export const callMayTakeMs = 8_000;

/** Finds pages that are open although their alert recovered, or resolved although it fires. */
export function outOfOrder(evidence: Evidence): Finding[] {
  return [...stillOpen(evidence), ...closedTooEarly(evidence), ...unrecorded(evidence), ...createdTooLate(evidence)];
}

function stillOpen(evidence: Evidence): Finding[] {
  return [...evidence.pages.values()].flatMap((command) => {
    const { pageId } = command.data;
    const page = evidence.deliveredPage(pageId);
    if (!page || page.resolved || isExplained(evidence, command.data, 'unresolved')) return [];
    // A former owner wrote `superseded` as a possible duplicate, and the next owner wrote `delivered`.
    if (evidence.final(pageId)?.outcome === 'superseded' && evidence.final(pageId)?.possibleDuplicate) return [];
    const triggers = [command, ...evidence.joinedTo(command)].map(happened);
    if (!mustBeOver(evidence, command.key, triggers)) return [];
    return [finding('O1', command, `recovered since its last trigger, and ${page.id} is open`)];
  });
}

/** Whether an alert recovered since. A recovery that its producer sent again, after a later trigger, may end the page or not. */
function mustBeOver(evidence: Evidence, key: string, triggers: readonly Occurrence[]): boolean {
  const first = new Map(
    evidence
      .resolvesOf(key)
      .toReversed()
      .map((recovery) => [recovery.data.alertEventId, recovery]),
  );
  return [...first.values()].some((recovery) => triggers.every((trigger) => counts(recovery, trigger)));
}

const isExplained = (evidence: Evidence, { pageId, connectionId }: PageCommand, end: OutcomeKind): boolean =>
  evidence.known.explains(connectionId, evidence.outcome(pageId, end)?.reason);

/** Returns the pages of a failover group that the records call delivered and that are open in a destination. */
const openIn = (evidence: Evidence, page: Entry<PageCommand>): readonly Entry<PageCommand>[] =>
  evidence.failoverGroupOf(page).filter(({ data }) => evidence.deliveredPage(data.pageId)?.resolved === false);

function closedTooEarly(evidence: Evidence): Finding[] {
  return [...evidence.pages.values()].flatMap((command) => {
    const host = evidence.hostOf(command);
    const page = host && evidence.deliveredPage(host.data.pageId);
    if (!host || !page?.resolved || isExplained(evidence, host.data, 'resolved')) return [];
    if (evidence.recoveredSince(command.key, happened(command)) || evidence.raised(host)) return [];
    if (isClosedThere(evidence, host) || openIn(evidence, host).length > 0) return [];
    return [finding('O2', command, `there was no recovery since, but its page ${page.id} is resolved`)];
  });
}

/** Whether a responder closed the page or, after page-delivery had resolved one of the two, its backup. */
const isClosedThere = (evidence: Evidence, page: Entry<PageCommand>): boolean =>
  evidence.failoverGroupOf(page).some(({ data }) => evidence.deliveredPage(data.pageId)?.closedThereAt !== undefined);

/** Finds pages without a record: nobody will resolve them, and no outcome says that they may exist. */
function unrecorded(evidence: Evidence): Finding[] {
  return evidence.history.pages.flatMap((page): Finding[] => {
    const command = evidence.pages.get(page.pageId);
    const { kind, rule } = { kind: 'orderViolation', rule: 'O3' } as const;
    if (!command) return [{ kind, rule, key: '', id: page.id, detail: `a page in ${page.org} that nobody ordered` }];
    const final = evidence.final(page.pageId);
    if (!final || final.outcome === 'delivered' || final.possibleDuplicate) return [];
    return [finding(rule, command, `${final.outcome}, and yet there is a page ${page.id} in ${page.org}`)];
  });
}

function createdTooLate(evidence: Evidence): Finding[] {
  const ends = endings(evidence.history.states);
  return evidence.history.pages.flatMap((page) => {
    const command = evidence.pages.get(page.pageId);
    const endedAt = ends.get(page.pageId);
    if (!command || endedAt === undefined || page.tagged || page.createdAt <= endedAt + callMayTakeMs) return [];
    return [finding('O4', command, `created ${page.createdAt - endedAt} ms after its end was in the ledger`)];
  });
}

/** Returns for each page when the ledger first recorded its end by a recovery or by a replacement. */
function endings(states: readonly Entry<AlertState>[]): Map<string, number> {
  const ends = new Map<string, number>();
  for (const { data, timestamp } of states) {
    for (const { pageId, status, ending } of data.pages) {
      const isEnding = ending !== undefined || ['superseded', 'resolving', 'resolved'].includes(status);
      if (isEnding && !ends.has(pageId)) ends.set(pageId, timestamp);
    }
  }
  return ends;
}

const finding = (rule: string, { key, data }: Entry<PageCommand>, detail: string): Finding => ({
  kind: 'orderViolation',
  rule,
  key,
  id: data.pageId,
  detail,
});
