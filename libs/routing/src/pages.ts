import type { Alert, Event, PageCommand } from '@pagebridge/contracts';
import type { HandleRegistry, Routed } from '@pagebridge/handle-registry';
import { handleOf, urgencyOf } from '@pagebridge/vocabulary';
import type { PageDecision, SamePageDecision, Unknown } from './decision.ts';
import { failoverOf } from './failover.ts';
import { pageIdOf } from './ids.ts';
import { cut, descriptionOf, tagsOf } from './words/page-text.ts';

// The limits of the contract of page commands.
const maxAmbiguousWith = 100;
const maxHandleLength = 280;

/** The team that is paged for unknown handles, and the note about them on its page. */
export interface FallbackNote {
  readonly team: Routed;
  readonly note: string;
}

/** Makes the pages of one alert event, one for each team and connection; all have the same text, except for the note to a fallback. */
export class Pages {
  readonly #made: PageCommand[] = [];
  #content: Pick<PageCommand, 'title' | 'description' | 'tags' | 'links'> | undefined;

  constructor(
    private readonly event: Event<Alert>,
    private readonly registry: Pick<HandleRegistry, 'teamOver'>,
    private readonly now: Date,
    private readonly fallback?: FallbackNote,
    private readonly alertRecord?: string,
  ) {}

  /** Makes a page for the first handle of a team; further handles share it. */
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
    const content = this.#contentOf(alert);
    // Written out, because a spread costs as much as the rest of the decision.
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
      title: content.title,
      description: this.#descriptionFor(resolution) ?? content.description,
      tags: content.tags,
      links: content.links,
    };
    if (this.alertRecord) command.alertRecord = this.alertRecord;
    const others = othersIn(resolution);
    return others.length === 0 ? command : { ...command, ambiguousWith: others.slice(0, maxAmbiguousWith) };
  }

  // The note is also on a page for a known handle of this team: nothing else shows that unknown handles led to this team too.
  #descriptionFor(team: Routed): string | undefined {
    const { fallback } = this;
    if (!fallback || teamOf(team) !== teamOf(fallback.team)) return undefined;
    return descriptionOf(this.event.data, fallback.note);
  }

  #contentOf(alert: Alert) {
    this.#content ??= {
      title: alert.title,
      description: descriptionOf(alert),
      tags: tagsOf(alert),
      links: alert.links ?? [],
    };
    return this.#content;
  }
}

const none: readonly string[] = [];

/** Returns the ids of the other enabled connections that claim the name. */
function othersIn({ connection, contenders }: Routed): readonly string[] {
  if (contenders.length === 0) return none;
  const active = contenders.filter((contender) => contender.connection.enabled);
  const ids = new Set(active.map((contender) => contender.connection.connectionId));
  ids.delete(connection.connectionId);
  return [...ids];
}

const teamOf = ({ connection, teamId }: Routed): string => `${connection.connectionId}/${teamId}`;
