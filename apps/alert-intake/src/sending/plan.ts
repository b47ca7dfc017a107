import type { Alert, Event, Integration } from '@pagebridge/contracts';
import { mentionsOf } from '@pagebridge/vocabulary';
import { type AlertCard, alertOf, digestOf } from '../alerts/alert-of.ts';
import type { SourceAlert } from '../alerts/source-alert.ts';
import { decide, type Episode } from '../episodes/episode.ts';
import { eventOf } from './event-of.ts';

/** What a request changes: events to publish, and what to remember once they are published. */
export interface Plan {
  readonly events: readonly Event<Alert>[];
  /** What to remember before that: a recovery that is published and not remembered would silence the next firing. */
  readonly endings: ReadonlyMap<string, Episode>;
  readonly episodes: ReadonlyMap<string, Episode>;
  readonly unchanged: number;
  /** Events of firing alerts that page nobody, since they name no handle. */
  readonly withoutHandle: number;
}

export type Known = (alertKey: string) => Episode | undefined;

/** A member of a request with its card, which is made before it is known what of it is new. Of its alert only as much as a plan needs is held. */
export interface Carded extends Pick<SourceAlert, 'says' | 'name' | 'repeatMs'> {
  readonly member: unknown;
  readonly card: AlertCard;
  readonly handles: readonly string[];
}

export function cardOf(alert: SourceAlert, member: unknown, integration: Integration): Carded {
  const card = alertOf(alert, integration);
  const { says, name, repeatMs } = alert;
  return { member, says, name, ...(repeatMs === undefined ? {} : { repeatMs }), card, handles: mentionsOf(card) };
}

/** Plans what these alerts change. Of several sayings about one alert, each is decided after those before it. */
export function planOf(carded: readonly Carded[], integration: Integration, known: Known, now: number): Plan {
  const { name: integrationName, noDefaultFor, repeatHours } = integration;
  const events: Event<Alert>[] = [];
  const episodes = new Map<string, Episode>();
  let [unchanged, withoutHandle] = [0, 0];
  for (const { says, name, repeatMs = repeatHours * 3_600_000, card, handles } of carded) {
    // A recovery is published in any case: the alert may have paged before it was left out.
    const pagesNobody = handles.length === 0 && !isRecovery(says);
    const before = episodes.get(card.alertKey) ?? known(card.alertKey);
    const saying = { says, digest: digestOf(card, handles), repeatMs };
    const step = pagesNobody && noDefaultFor.includes(name) ? undefined : decide(before, saying, now);
    if (!step) {
      unchanged += 1;
      continue;
    }
    events.push(eventOf(card, step, integrationName));
    if (step.next) episodes.set(card.alertKey, step.next);
    if (pagesNobody) withoutHandle += 1;
  }
  const closed = [...episodes].filter(([, { open }]) => !open);
  const endings = new Map(closed.map(([key, episode]) => [key, { ...episode, isEnding: true }]));
  return { events, endings, episodes, unchanged, withoutHandle };
}

const isRecovery = (says: SourceAlert['says']): boolean =>
  says.state === 'resolved' || (says.state === 'notified' && says.transition === 'recovered');
