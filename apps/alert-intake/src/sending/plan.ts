import { type Alert, Alerts, type Event, type Integration } from '@pagebridge/contracts';
import { mentionsOf } from '@pagebridge/vocabulary';
import { type AlertCard, alertOf, digestOf } from '../alerts/alert-of.ts';
import type { SourceAlert } from '../alerts/source-alert.ts';
import { decide, type Episode } from '../episodes/episode.ts';
import { eventOf, sourceOf } from './event-of.ts';

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

/** A member of a request with its alert and card, which are made before it is known what of it is new. */
export interface Carded {
  readonly member: unknown;
  readonly alert: SourceAlert;
  readonly card: AlertCard;
  readonly handles: readonly string[];
}

export function cardOf(alert: SourceAlert, member: unknown, integration: Integration): Carded {
  const card = alertOf(alert, integration);
  return { member, alert, card, handles: mentionsOf(card) };
}

/** Plans what these alerts change. Of several sayings about one alert, each is decided after those before it. */
export function planOf(carded: readonly Carded[], integration: Integration, known: Known, now: number): Plan {
  const events: Event<Alert>[] = [];
  const episodes = new Map<string, Episode>();
  let [unchanged, withoutHandle] = [0, 0];
  for (const { alert, card, handles } of carded) {
    if (isLeftOut(alert, card, integration)) {
      unchanged += 1;
    } else if (alert.notification) {
      events.push(notificationOf(card, alert.notification, integration.name));
    } else {
      const before = episodes.get(card.alertKey) ?? known(card.alertKey);
      const step = decide(before, sayingOf(alert, card), now, integration.repeatHours * 3_600_000);
      if (step) {
        events.push(eventOf(card, step, integration.name));
        if (alert.firing && handles.length === 0) withoutHandle += 1;
        episodes.set(card.alertKey, step.next);
      } else {
        unchanged += 1;
      }
    }
  }
  const ended = [...episodes].filter(([, { open }]) => !open);
  const endings = new Map(ended.map(([key, episode]) => [key, { ...episode, isEnding: true }]));
  return { events, endings, episodes, unchanged, withoutHandle };
}

/** Returns whether nobody would be paged for an alert that always fires, or that a button sends. */
const isLeftOut = ({ name }: SourceAlert, { message, recipients }: AlertCard, { noDefaultFor }: Integration): boolean =>
  noDefaultFor.includes(name) && recipients === undefined && !/@oncall-/i.test(message);

const sayingOf = ({ firing, transition, startsAt, endsAt }: SourceAlert, card: AlertCard) => ({
  firing,
  ...(transition ? { transition } : {}),
  startsAt: startsAt?.getTime(),
  endsAt: endsAt?.getTime(),
  digest: digestOf(card),
});

function notificationOf(
  card: AlertCard,
  { id, at, transition }: NonNullable<SourceAlert['notification']>,
  integration: string,
): Event<Alert> {
  const time = at.toISOString();
  return {
    id,
    source: sourceOf(integration),
    time,
    type: Alerts.card.eventType,
    data: { ...card, transition, occurredAt: time },
  };
}
