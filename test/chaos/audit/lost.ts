import type { Alert, PageCommand } from '@pagebridge/contracts';
import { floodOrg } from '../world.ts';
import { Answers, askedOf, type Evidence, happened } from './evidence.ts';
import type { Entry, Finding } from './history.ts';
import { isSilenced } from './rules.ts';

/** An alert that must be accounted for: acknowledged, or found in the topic. */
export interface Due {
  readonly eventId: string;
  readonly key: string;
  readonly digest: string;
  readonly alert: Alert;
}

export function dueAlerts({ history }: Evidence): Due[] {
  const due = new Map<string, Due>();
  for (const { eventId, key, digest, acknowledged, alert } of history.sent) {
    if (alert && acknowledged) due.set(eventId, { eventId, key, digest, alert });
  }
  for (const { eventId, key, digest, data } of history.alerts) due.set(eventId, { eventId, key, digest, alert: data });
  return [...due.values()];
}

/** Finds alerts and page commands without a result, or with a wrong one. */
export function lost(evidence: Evidence): Finding[] {
  return [...lostAlerts(evidence), ...lostPoison(evidence), ...lostCommands(evidence)];
}

function lostAlerts(evidence: Evidence): Finding[] {
  const answers = new Answers(evidence.history);
  return dueAlerts(evidence).flatMap((due) => {
    if (evidence.deadDigests.has(due.digest)) return [];
    return askedOf(due.alert).flatMap((asked) => {
      const { rule, detail } = wrongAnswer(evidence, answers, due, asked) ?? {};
      return rule ? [finding(rule, due.key, due.eventId, `${due.alert.transition}: ${detail} for ${asked}`)] : [];
    });
  });
}

function wrongAnswer({ known }: Evidence, answers: Answers, { eventId, alert }: Due, asked: string) {
  if (!answers.isAnswered(eventId, asked)) return { rule: 'L1', detail: 'no command and no record' };
  const team = alert.origin === 'manual' ? undefined : known.teamOf(alert.sourceOrg, asked);
  const pages = answers.pages(eventId, asked);
  if (!team || pages.some((it) => it.connectionId === team.connectionId && it.teamId === team.teamId)) return undefined;
  return { rule: 'L8', detail: `no page to team ${team.teamId}, which was known all the time,` };
}

const lostPoison = ({ history, deadDigests }: Evidence): Finding[] =>
  history.sent
    .filter(({ alert, acknowledged, digest }) => !alert && acknowledged && !deadDigests.has(digest))
    .map(({ key, eventId }) => finding('L2', key, eventId, 'unreadable, and not among the dead letters'));

function lostCommands(evidence: Evidence): Finding[] {
  return [...evidence.pages.values()].flatMap((command) => {
    const complaint = complaintOf(evidence, command);
    return complaint ? [finding(complaint.rule, command.key, command.data.pageId, complaint.detail)] : [];
  });
}

function complaintOf(evidence: Evidence, command: Entry<PageCommand>): { rule: string; detail: string } | undefined {
  const { pageId } = command.data;
  const final = evidence.final(pageId);
  switch (final?.outcome) {
    case 'delivered': {
      const isThere = evidence.copies.get(pageId)?.some(({ id }) => id === final.destinationPageId);
      return isThere
        ? undefined
        : { rule: 'L4', detail: `delivered as ${final.destinationPageId}, which is not there` };
    }
    case 'undeliverable':
      return givenUp(evidence, command.data, final.reason);
    case 'superseded':
      return supersededBy(evidence, command, command);
    case 'joined':
      return joinedTo(evidence, command);
    default:
      return { rule: 'L3', detail: 'a page command without a final outcome' };
  }
}

function givenUp(evidence: Evidence, command: PageCommand, reason: string | undefined) {
  const { sourceOrg, pageId, connectionId, teamId } = command;
  if (!evidence.deadPages.has(pageId)) return { rule: 'L5', detail: 'undeliverable, without a dead letter' };
  if (evidence.known.explains(connectionId, reason)) return undefined;
  if (reason === 'rejected' && evidence.isDeleted(teamId)) return undefined;
  // Only the org that floods has so many waiting pages.
  if (reason === 'too-many-waiting' && sourceOrg === floodOrg) return undefined;
  return { rule: 'L9', detail: `undeliverable, and nothing explains ${reason}` };
}

function joinedTo(evidence: Evidence, command: Entry<PageCommand>) {
  const host = evidence.hostOf(command);
  const outcome = host && evidence.final(host.data.pageId)?.outcome;
  if (host && outcome === 'superseded') return supersededBy(evidence, host, command);
  if (outcome === 'delivered' || outcome === 'undeliverable') return undefined;
  return {
    rule: 'L6',
    detail: `joined ${host?.data.pageId ?? 'a page without a page command'}, which has no final outcome`,
  };
}

// `trigger` is the trigger that needs the page: a recovery from before it does not justify dropping the page.
function supersededBy(evidence: Evidence, page: Entry<PageCommand>, trigger: Entry<PageCommand>) {
  const isExplained =
    evidence.recoveredSince(page.key, happened(trigger)) ||
    evidence.raised(page) ||
    isSilenced(evidence, page) ||
    evidence.failoverGroupOf(page).some((other) => other !== page && evidence.hasArrived(other));
  return isExplained
    ? undefined
    : { rule: 'L7', detail: 'superseded without a recovery, a close, a more urgent page or a delivered backup' };
}

const finding = (rule: string, key: string, id: string, detail: string): Finding => ({
  kind: 'lost',
  rule,
  key,
  id,
  detail,
});
