import type { OutcomeKind } from '@pagebridge/contracts';
import { duplicates } from './duplicates.ts';
import { Evidence } from './evidence.ts';
import type { Finding, Verdict } from './finding.ts';
import type { History } from './history.ts';
import { dueAlerts, endsPages, handlesOf, lost } from './lost.ts';
import { outOfOrder } from './order.ts';

/** What was asked, and what became of it. Every number counts; `lost` to `orderViolations` count findings. */
export interface Audit {
  readonly alerts: number;
  readonly unacknowledged: number;
  readonly handles: number;
  readonly delivered: number;
  readonly joined: number;
  readonly unrouted: number;
  readonly superseded: number;
  readonly undeliverable: number;
  readonly deadLettered: number;
  readonly lost: number;
  readonly duplicatesUntagged: number;
  readonly duplicatesTagged: number;
  readonly orderViolations: number;
  readonly findings: readonly Finding[];
}

/** Holds what was sent against what came of it, by the rules of the README: pure, same history, same audit. */
export function audit(history: History): Audit {
  const evidence = new Evidence(history);
  const due = dueAlerts(evidence);
  const findings = [...lost(evidence), ...duplicates(evidence), ...outOfOrder(evidence)];
  const found = (verdict: Verdict) => findings.filter((finding) => finding.verdict === verdict).length;
  const became = (kind: OutcomeKind) =>
    [...evidence.pages.keys()].filter((pageId) => evidence.final(pageId)?.outcome === kind).length;
  // What is parked as a whole is accounted for as a whole.
  const asking = due.filter(({ alert, digest }) => !endsPages(alert) && !evidence.deadDigests.has(digest));
  return {
    alerts: history.sent.filter(({ acknowledged }) => acknowledged).length,
    unacknowledged: history.sent.filter(({ acknowledged }) => !acknowledged).length,
    handles: asking.reduce((sum, { alert }) => sum + handlesOf(alert).length, 0),
    delivered: became('delivered'),
    joined: became('joined'),
    unrouted: new Set(history.unrouted.map(({ data }) => `${data.alertEventId} ${data.handle}`)).size,
    superseded: became('superseded'),
    undeliverable: became('undeliverable'),
    deadLettered: new Set(history.deadLetters.map(({ digest, pageId }) => pageId ?? digest)).size,
    lost: found('lost'),
    duplicatesUntagged: found('duplicateUntagged'),
    duplicatesTagged: found('duplicateTagged'),
    orderViolations: found('orderViolation'),
    findings,
  };
}

/** Are the promises kept? */
export const isClean = ({ lost, duplicatesUntagged, orderViolations }: Audit): boolean =>
  lost + duplicatesUntagged + orderViolations === 0;
