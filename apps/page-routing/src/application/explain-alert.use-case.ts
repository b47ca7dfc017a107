import type { Alert, Event } from '@pagebridge/contracts';
import type { ConnectionSummary, Contender } from '@pagebridge/handle-registry';
import {
  type Decision,
  decide,
  type GapOf,
  type PageDecision,
  type Registry,
  type SamePageDecision,
  unknownNameOf,
  whyFirst,
} from '@pagebridge/routing';
import { alertIdentity, namesWithin } from '@pagebridge/vocabulary';
import { mayWait, waiting } from '../domain/deferred-paging/late-pages.ts';
import { describeContenders } from './contenders.ts';
import { outputOf } from './outputs.ts';

/** Returns how an alert would be routed now, as an `ExplanationDto`. Sends nothing. */
export function explainAlert(
  event: Event<Alert>,
  registry: Registry,
  now: Date,
  deferredPagingMs: number,
  gapOf?: GapOf,
) {
  const { sourceOrg, alertKey } = event.data;
  const alert = alertIdentity(sourceOrg, alertKey);
  const verdict = decide(event, registry, now, gapOf);
  if (!verdict.ok) {
    return { alert, refused: { reason: verdict.reason, detail: verdict.detail }, decisions: [], wouldSync: [] };
  }
  const wait = { waitingUntil: new Date(now.getTime() + deferredPagingMs).toISOString() };
  const decisions = verdict.decisions.map((decision) =>
    deferredPagingMs > 0 && mayWait(event.data, decision) ? waiting(decision, wait) : decision,
  );
  const hasUnknown = verdict.decisions.some((decision) => unknownNameOf(decision) !== undefined);
  return {
    alert,
    ...(decisions.length === 0 ? { note: noteOn(event.data) } : {}),
    decisions: decisions.map((decision) => ({
      ...explained(decision),
      ...wouldSend(event, decision),
    })),
    wouldSync: hasUnknown ? registry.directoriesOf(sourceOrg) : [],
  };
}

function noteOn({ transition, origin, sourceOrg }: Alert): string {
  if (origin === 'manual')
    return 'Only monitors and incident rules page across orgs. A manual alert pages nobody and resolves no page.';
  return transition === 'recovered'
    ? `Source org ${sourceOrg} has no connection. Check the spelling of sourceOrg.`
    : 'The alert has no handle, so it pages nobody. Add @oncall-<team handle> to its message or recipients.';
}

function wouldSend(event: Event<Alert>, decision: Decision) {
  const output = outputOf(event, decision);
  if (!output) return {};
  const { topic, key, id, data } = output;
  return { wouldSend: { topic, key, id, data } };
}

/** Returns a decision with its reasons. */
function explained(decision: Decision) {
  const { kind } = decision;
  switch (decision.kind) {
    case 'resolve':
      return { kind };
    case 'same-page':
      return { kind, ...reasons(decision), pageId: decision.pageId };
    case 'page': {
      const { pageId, urgency } = decision.command;
      return { kind, ...reasons(decision), ...backup(decision), urgency, pageId };
    }
    case 'unrouted': {
      const { mention, resolution, record } = decision;
      const { reason, detail, nearest, waitingUntil } = record;
      // The handles of a manual alert are not looked up, so no name was tried.
      const tried = resolution
        ? { namesTried: namesTried(mention, resolution.kind === 'local' && resolution.name) }
        : {};
      const disabled =
        resolution?.kind === 'connection-disabled'
          ? { connection: summaryOf(resolution.connection), ...claims(resolution.contenders) }
          : {};
      const hints = { ...(nearest ? { nearest } : {}), ...(waitingUntil ? { waitingUntil } : {}) };
      return { kind, mention, ...tried, ...disabled, reason, detail, ...hints };
    }
  }
}

function reasons({ mention, resolution, fallbackFor }: PageDecision | SamePageDecision) {
  const { matched, name, connection, teamId, teamHandle, contenders } = resolution;
  return {
    mention,
    namesTried: namesTried(mention, fallbackFor ? false : name),
    matched: fallbackFor ? ('fallback' as const) : matched,
    name,
    connection: summaryOf(connection),
    team: { teamId, teamHandle },
    ...claims(contenders),
    ...(fallbackFor?.nearest ? { nearest: fallbackFor.nearest } : {}),
  };
}

function claims(contenders: readonly Contender[]) {
  const why = whyFirst(contenders);
  return why ? { contenders: describeContenders(contenders), why } : {};
}

function backup({ failover }: PageDecision) {
  if (!failover) return {};
  if (failover.result === 'found') return { failover: failover.order };
  const { result: reason, named, detail } = failover;
  return { failover: { ...named, reason, detail } };
}

const summaryOf = ({ connectionId, name, slug, enabled }: ConnectionSummary) => ({ connectionId, name, slug, enabled });

function namesTried(mention: string, decisive: string | false): string[] {
  const names = [...namesWithin(mention)];
  return decisive ? names.slice(0, names.indexOf(decisive) + 1) : names;
}
