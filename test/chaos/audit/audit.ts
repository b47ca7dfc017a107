import type { OutcomeKind } from '@pagebridge/contracts';
import { Answers, endsPages, handlesOf } from './answers.ts';
import { duplicates } from './duplicates.ts';
import { Evidence } from './evidence.ts';
import type { Finding, FindingKind } from './finding.ts';
import type { History } from './history.ts';
import { healthyPart, unaccounted } from './hostile.ts';
import { isLate, late } from './late.ts';
import { dueAlerts, lost } from './lost.ts';
import { outOfOrder } from './order.ts';
import { unroutedWrongly } from './unrouted.ts';

/** What was asked, and what became of it. Every number counts; `lost` to `unroutedWrongly` count findings. */
export interface Audit {
  readonly alerts: number;
  readonly unacknowledged: number;
  readonly handles: number;
  readonly delivered: number;
  readonly joined: number;
  readonly unrouted: number;
  /** Pages that went to the backup of their connection as well. */
  readonly failedOver: number;
  /** Page commands for an unknown handle, to its org's fallback. */
  readonly fallback: number;
  /** Pages of handles that were unrouted, then known. */
  readonly late: number;
  /** Handles of an alert that have a page, not late, and an unrouted record: it was routed twice, and the registry changed between. */
  readonly both: number;
  /** Page commands of which more than one end was told: an owner wrote after it had lost the partition. */
  readonly contradicted: number;
  readonly superseded: number;
  readonly undeliverable: number;
  readonly deadLettered: number;
  readonly lost: number;
  readonly duplicatesUntagged: number;
  readonly duplicatesTagged: number;
  readonly orderViolations: number;
  readonly unroutedWrongly: number;
  /** Records of hostile producers, and those of them of which nobody said what became of them. */
  readonly hostile: number;
  readonly hostileUnaccounted: number;
  readonly findings: readonly Finding[];
}

/** Holds what was sent against what came of it, by the rules of the README: pure, same history, same audit. */
export function audit(whole: History): Audit {
  const history = healthyPart(whole);
  const evidence = new Evidence(history);
  const due = dueAlerts(evidence);
  const findings = [
    ...lost(evidence),
    ...late(evidence),
    ...duplicates(evidence),
    ...outOfOrder(evidence),
    ...unroutedWrongly(evidence),
    ...unaccounted(whole),
  ];
  const found = (kind: FindingKind) => findings.filter((finding) => finding.kind === kind).length;
  const became = (kind: OutcomeKind) =>
    [...evidence.pages.keys()].filter((pageId) => evidence.final(pageId)?.outcome === kind).length;
  // What is parked as a whole is accounted for as a whole.
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
    failedOver: [...evidence.pages.values()].filter(({ data }) => data.failoverOf).length,
    fallback: [...evidence.pages.values()].filter(({ data }) => data.matched === 'fallback').length,
    late: [...evidence.pages.values()].filter(({ data }) => isLate(data)).length,
    both: asking.reduce(
      (sum, { eventId, alert }) => sum + handlesOf(alert).filter((it) => isBoth(eventId, it)).length,
      0,
    ),
    contradicted: [...evidence.pages.keys()].filter((pageId) => evidence.isContradicted(pageId)).length,
    superseded: became('superseded'),
    undeliverable: became('undeliverable'),
    deadLettered: new Set(history.deadLetters.map(({ digest, pageId }) => pageId ?? digest)).size,
    lost: found('lost'),
    duplicatesUntagged: found('duplicateUntagged'),
    duplicatesTagged: found('duplicateTagged'),
    orderViolations: found('orderViolation'),
    unroutedWrongly: found('unroutedWrongly'),
    hostile: whole.hostile.length,
    hostileUnaccounted: found('hostileUnaccounted'),
    findings,
  };
}

/** Are the promises kept? */
export const isClean = (found: Audit): boolean =>
  found.lost + found.duplicatesUntagged + found.orderViolations + found.unroutedWrongly + found.hostileUnaccounted ===
  0;
