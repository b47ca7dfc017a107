import type { Alert, Event, PageCommand } from '@pagebridge/contracts';
import type { Routed } from '@pagebridge/handle-registry';
import { handleOf, urgencyOf } from '@pagebridge/vocabulary';
import type { PageDecision, SamePageDecision } from './decision.ts';
import { pageIdOf } from './ids.ts';
import { descriptionOf, tagsOf } from './page-text.ts';

// What the contract of page commands allows.
const maxAmbiguousWith = 100;

/** The pages of one alert event: one per team and connection, all with the same words. */
export class Pages {
  readonly #idOfTeam = new Map<string, string>();
  #content: Pick<PageCommand, 'title' | 'description' | 'tags' | 'links'> | undefined;

  constructor(private readonly event: Event<Alert>) {}

  /** The first handle of a team makes its page; further ones lead to the same page. */
  decide(mention: string, resolution: Routed): PageDecision | SamePageDecision {
    const team = `${resolution.connection.connectionId}/${resolution.teamId}`;
    const known = this.#idOfTeam.get(team);
    if (known) return { kind: 'same-page', mention, resolution, pageId: known };
    const command = this.#commandFor(resolution);
    this.#idOfTeam.set(team, command.pageId);
    return { kind: 'page', mention, resolution, command };
  }

  #commandFor({ connection, teamId, teamHandle, name, matched, ambiguousWith }: Routed): PageCommand {
    const { id, data: alert } = this.event;
    if (alert.transition === 'recovered') throw new RangeError('a recovery pages nobody');
    return {
      kind: 'page',
      pageId: pageIdOf(this.event, connection.connectionId, teamId),
      sourceOrg: alert.sourceOrg,
      alertKey: alert.alertKey,
      alertEventId: id,
      transition: alert.transition,
      occurredAt: alert.occurredAt,
      connectionId: connection.connectionId,
      teamId,
      teamHandle,
      handle: handleOf(name),
      matched,
      ...(ambiguousWith.length > 0 ? { ambiguousWith: ambiguousWith.slice(0, maxAmbiguousWith) } : {}),
      urgency: urgencyOf(alert.transition, alert.priority),
      ...this.#words(alert),
    };
  }

  #words(alert: Alert) {
    this.#content ??= {
      title: alert.title,
      description: descriptionOf(alert),
      tags: tagsOf(alert),
      links: alert.links ?? [],
    };
    return this.#content;
  }
}
