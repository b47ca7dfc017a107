import type { OutcomeKind } from '@pagebridge/contracts';
import { Answers, Evidence, endsPages, handlesOf } from './evidence.ts';
import type { FindingKind, History } from './history.ts';
import { healthyPart, unaccounted } from './hostile.ts';
import { dueAlerts, lost } from './lost.ts';
import { closures, duplicates, isLate, late, outOfOrder, unroutedWrongly } from './rules.ts';
import { causesNamedWrongly, tracedWrongly } from './traced-wrongly.ts';

/** The numbers of alerts, results and findings. The fields from `lost` to `joinedClosed` count findings. */
export type Audit = Readonly<ReturnType<typeof audit>>;

/** Compares what was sent with its results, by the rules of the README. Pure: the same history gives the same audit. */
export function audit(whole: History) {
  const history = healthyPart(whole);
  const evidence = new Evidence(history);
  const due = dueAlerts(evidence);
  const causes = causesNamedWrongly(evidence);
  const closed = closures(evidence);
  const findings = [
    ...lost(evidence),
    ...late(evidence),
    ...duplicates(evidence),
    ...outOfOrder(evidence),
    ...unroutedWrongly(evidence),
    ...tracedWrongly(evidence),
    ...causes.findings,
    ...closed.findings,
    ...unaccounted(whole),
  ];
  const found = (kind: FindingKind) => findings.filter((finding) => finding.kind === kind).length;
  const became = (kind: OutcomeKind) =>
    [...evidence.pages.keys()].filter((pageId) => evidence.final(pageId)?.outcome === kind).length;
  // An event that was parked as a whole is accounted for as a whole.
  const asking = due.filter(({ alert, digest }) => !endsPages(alert) && !evidence.deadDigests.has(digest));
  const answers = new Answers(history);
  const isBoth = (eventId: string, handle: string) =>
    answers.isUnrouted(eventId, handle) && answers.pages(eventId, handle).some((page) => !isLate(page));
  return {
    alerts: history.sent.filter(({ acknowledged }) => acknowledged).length,
    unacknowledged: history.sent.filter(({ acknowledged }) => !acknowledged).length,
    handles: asking.reduce((sum, { alert }) => sum + handlesOf(alert).length, 0),
    delivered: became('delivered'),
    joined: became('joined'),
    unrouted: new Set(history.unrouted.map(({ data }) => `${data.alertEventId} ${data.handle}`)).size,
    /** The pages that also went to the backup of their connection. */
    failedOver: [...evidence.pages.values()].filter(({ data }) => data.failoverOf).length,
    /** The page commands for the fallback handle of an org, instead of an unknown handle. */
    fallback: [...evidence.pages.values()].filter(({ data }) => data.matched === 'fallback').length,
    /** The pages of handles that were unrouted first, and became known later. */
    late: [...evidence.pages.values()].filter(({ data }) => isLate(data)).length,
    /** The handles with a page (not late) and an unrouted record: the alert was routed twice, and the registry changed in between. */
    both: asking.reduce(
      (sum, { eventId, alert }) => sum + handlesOf(alert).filter((it) => isBoth(eventId, it)).length,
      0,
    ),
    /** The page commands with several final outcomes: an owner wrote after it had lost the partition. */
    contradicted: [...evidence.pages.keys()].filter((pageId) => evidence.isContradicted(pageId)).length,
    superseded: became('superseded'),
    undeliverable: became('undeliverable'),
    deadLettered: new Set(history.deadLetters.map(({ digest, pageId }) => pageId ?? digest)).size,
    lost: found('lost'),
    duplicatesUntagged: found('duplicateUntagged'),
    duplicatesTagged: found('duplicateTagged'),
    orderViolations: found('orderViolation'),
    unroutedWrongly: found('unroutedWrongly'),
    tracedWrongly: found('tracedWrongly'),
    joinedClosed: found('joinedClosed'),
    /** The pages that responders closed, and those of them with a trigger that came after page-delivery had to know. */
    closedThere: history.pages.filter(({ closedThereAt }) => closedThereAt !== undefined).length,
    closuresChecked: closed.checked,
    /** The failed calls of waiting pages during a fault whose effect is known, which are compared with their traces. */
    causesChecked: causes.checked,
    /** The records of hostile producers, and those of them without any result. */
    hostile: whole.hostile.length,
    hostileUnaccounted: found('hostileUnaccounted'),
    findings,
  };
}

/** Returns whether all promises were kept. */
export const isClean = (found: Audit): boolean =>
  found.lost +
    found.duplicatesUntagged +
    found.orderViolations +
    found.unroutedWrongly +
    found.tracedWrongly +
    found.joinedClosed +
    found.hostileUnaccounted ===
  0;
