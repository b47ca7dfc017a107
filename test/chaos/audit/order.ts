import type { AlertState, Occurrence, OutcomeKind, PageCommand } from '@pagebridge/contracts';
import { counts, type Evidence, happened } from './evidence.ts';
import type { Finding } from './finding.ts';
import type { Entry } from './history.ts';

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
export const openIn = (evidence: Evidence, page: Entry<PageCommand>): readonly Entry<PageCommand>[] =>
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
