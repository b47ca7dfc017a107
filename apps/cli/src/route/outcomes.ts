import type { Alert, Event } from '@pagebridge/contracts';
import { type Decision, decide, type PageDecision, type SamePageDecision } from '@pagebridge/routing';
import { handleOf } from '@pagebridge/vocabulary';
import type { RegistryTables } from '../registry/registry-tables.ts';

/** What an alert leads to: something for each of its handles, or one thing for all of it. */
export type Outcome =
  | {
      readonly kind: 'page';
      readonly handle: string;
      readonly team: string;
      /** The slug of the connection. */
      readonly connection: string;
      readonly urgency: 'high' | 'low';
      /** The team that is paged if this one cannot be, with the slug of its connection. */
      readonly backup?: string;
      /** Equal for outcomes that page the same, whatever its names are. */
      readonly sameAs: string;
    }
  | { readonly kind: 'unrouted'; readonly handle: string; readonly reason: string; readonly detail: string }
  | { readonly kind: 'resolve' }
  | { readonly kind: 'refused'; readonly reason: string; readonly detail: string };

/** Returns what an alert would lead to at this time, as page-routing decides it; the topic, if it is known, may refuse it. */
export function outcomesOf(
  event: Event<Alert>,
  { registry, topics }: RegistryTables,
  now: Date,
  topic?: string,
): Outcome[] {
  const refused = topic === undefined ? undefined : topics.refusalOf(event.data.sourceOrg, topic, now.getTime());
  const verdict = refused ?? decide(event, registry, now);
  if (!verdict.ok) return [{ kind: 'refused', reason: verdict.reason, detail: verdict.detail }];
  const slugs = new Map(registry.connectionsOf(event.data.sourceOrg).map((its) => [its.connectionId, its.slug]));
  const pages = new Map(
    verdict.decisions.flatMap((decision) => (decision.kind === 'page' ? [[decision.command.pageId, decision]] : [])),
  );
  return verdict.decisions.map((decision) => outcomeOf(decision, pages, slugs));
}

function outcomeOf(
  decision: Decision,
  pages: ReadonlyMap<string, PageDecision>,
  slugs: ReadonlyMap<string, string>,
): Outcome {
  switch (decision.kind) {
    case 'resolve':
      return { kind: 'resolve' };
    case 'unrouted': {
      const { handle, reason, detail } = decision.record;
      return { kind: 'unrouted', handle, reason, detail };
    }
    case 'page':
      return pageOf(decision, decision, slugs);
    case 'same-page':
      return pageOf(decision, pages.get(decision.pageId) as PageDecision, slugs);
  }
}

function pageOf(
  its: PageDecision | SamePageDecision,
  { command }: PageDecision,
  slugs: ReadonlyMap<string, string>,
): Outcome {
  const { resolution, fallbackFor } = its;
  const { urgency, failover, connectionId, teamId } = command;
  const backup = failover && `${failover.teamHandle} over ${slugs.get(failover.connectionId) ?? failover.connectionId}`;
  return {
    kind: 'page',
    handle: handleOf(fallbackFor?.name ?? resolution.name),
    team: resolution.teamHandle,
    connection: resolution.connection.slug,
    urgency,
    ...(backup ? { backup } : {}),
    sameAs: [connectionId, teamId, urgency, failover?.connectionId, failover?.teamId].join(' '),
  };
}

/** Returns the handle that an outcome is about; that of all of the alert is empty. */
export const handleIn = (outcome: Outcome): string => ('handle' in outcome ? outcome.handle : '');

/** Returns what is equal for outcomes that page the same people. */
export const effectOf = (outcome: Outcome): string => {
  if (outcome.kind === 'page') return `page ${outcome.sameAs}`;
  return outcome.kind === 'resolve' ? outcome.kind : `${outcome.kind} ${outcome.reason}`;
};

/** Returns an outcome in words, without its handle. */
export function wordsOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'page': {
      const backup = outcome.backup === undefined ? '' : `, backup ${outcome.backup}`;
      return `pages ${outcome.team} over ${outcome.connection}, urgency ${outcome.urgency}${backup}`;
    }
    case 'unrouted':
      return `pages nobody: ${outcome.reason}`;
    case 'resolve':
      return 'resolves its pages';
    case 'refused':
      return `is rejected: ${outcome.reason}`;
  }
}
