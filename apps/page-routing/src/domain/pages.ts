import type { Alert, Event, PageCommand } from '@pagebridge/contracts';
import type { HandleRegistry, Routed } from '@pagebridge/handle-registry';
import { handleOf, urgencyOf } from '@pagebridge/vocabulary';
import type { PageDecision, SamePageDecision, Unknown } from './decision.ts';
import { failoverOf } from './failover.ts';
import { pageIdOf } from './ids.ts';
import { cut, descriptionOf, tagsOf } from './page-text.ts';

// What the contract of page commands allows.
const maxAmbiguousWith = 100;
const maxHandleLength = 280;

/** The team that is paged for unknown handles, and what its page says of them. */
export interface StandIn {
  readonly team: Routed;
  readonly note: string;
}

/** The pages of one alert event: one per team and connection, all with the same words but for the note to a stand-in. */
export class Pages {
  readonly #made: PageCommand[] = [];
  #content: Pick<PageCommand, 'title' | 'description' | 'tags' | 'links'> | undefined;

  constructor(
    private readonly event: Event<Alert>,
    private readonly registry: Pick<HandleRegistry, 'teamOver'>,
    private readonly now: Date,
    private readonly standIn?: StandIn,
  ) {}

  /** The first handle of a team makes its page; further ones lead to the same page. */
  decide(mention: string, resolution: Routed, fallbackFor?: Unknown): PageDecision | SamePageDecision {
    const { connection, teamId } = resolution;
    const made = this.#made.find((page) => page.teamId === teamId && page.connectionId === connection.connectionId);
    if (made) return { kind: 'same-page', mention, resolution, fallbackFor, pageId: made.pageId };
    const failover = failoverOf(this.registry, connection, this.now);
    const plain = this.#commandFor(resolution, fallbackFor);
    const command = failover?.result === 'found' ? { ...plain, failover: failover.order } : plain;
    this.#made.push(command);
    return { kind: 'page', mention, resolution, fallbackFor, command, failover };
  }

  #commandFor(resolution: Routed, fallbackFor: Unknown | undefined): PageCommand {
    const { connection, teamId, teamHandle, name, matched } = resolution;
    const { id, data: alert } = this.event;
    if (alert.transition === 'recovered') throw new RangeError('a recovery pages nobody');
    const words = this.#words(alert);
    // Spelt out: a copy of properties costs as much as the rest of the decision.
    const command: PageCommand = {
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
      handle: cut(handleOf(fallbackFor?.name ?? name), maxHandleLength, '…'),
      matched: fallbackFor ? 'fallback' : matched,
      urgency: urgencyOf(alert.transition, alert.priority),
      title: words.title,
      description: this.#descriptionFor(resolution) ?? words.description,
      tags: words.tags,
      links: words.links,
    };
    const others = othersIn(resolution);
    return others.length === 0 ? command : { ...command, ambiguousWith: others.slice(0, maxAmbiguousWith) };
  }

  // Also on a page that a mention of its own made: nothing else tells that other handles of the alert lead to this team.
  #descriptionFor(team: Routed): string | undefined {
    const { standIn } = this;
    if (!standIn || teamOf(team) !== teamOf(standIn.team)) return undefined;
    return descriptionOf(this.event.data, standIn.note);
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

const nobodyElse: readonly string[] = [];

/** The other active connections that claim the name. */
function othersIn({ connection, contenders }: Routed): readonly string[] {
  if (contenders.length === 0) return nobodyElse;
  const active = contenders.filter((contender) => contender.connection.enabled);
  const ids = new Set(active.map((contender) => contender.connection.connectionId));
  ids.delete(connection.connectionId);
  return [...ids];
}

const teamOf = ({ connection, teamId }: Routed): string => `${connection.connectionId}/${teamId}`;
