import {
  type Alert,
  Alerts,
  type Event,
  type IntakeEpisode,
  IntakeEpisodes,
  type Integration,
  maxRefusedLength,
  type OutgoingRecord,
  RefusedAlerts,
} from '@pagebridge/contracts';
import { systemClock } from '@pagebridge/service';
import { alertIdentity } from '@pagebridge/vocabulary';
import { type AlertCard, hashOf } from '../alerts/alert-of.ts';
import { cut } from '../alerts/text.ts';
import type { Episode, Step } from '../episodes/episode.ts';
import type { Refused } from './read.ts';

/** The source of records that are not of an integration. */
export const own = '/pagebridge/alert-intake';

/** Returns the source of the events of an integration: never a host or a token, so that a repeat makes the same page. */
export const sourceOf = (integration: string): string => `/intake/${integration}`;

const timeOf = (ms: number): string => new Date(ms).toISOString();

/**
 * Returns the event of a step. Its id is that of its notification, or follows from what it says, so that the same news makes the same
 * event, whoever reads it: page-routing makes the id of a page from source, id and time.
 */
export function eventOf(card: AlertCard, step: Step, integration: string): Event<Alert> {
  const { transition, occurredAt, repeat = 0 } = step;
  const id = step.id ?? hashOf(JSON.stringify([card.alertKey, transition, occurredAt, repeat])).slice(0, 32);
  const time = timeOf(occurredAt);
  const data = { ...card, transition, occurredAt: time };
  return { id, source: sourceOf(integration), time, type: Alerts.card.eventType, data };
}

/** Returns the record of an alert for its topic, which may be that of its org. */
export function alertRecord({ id, source, time, data, traceparent }: Event<Alert>, topic: string): OutgoingRecord {
  const attributes = { id, source, time, ...(traceparent ? { traceparent } : {}) };
  return { ...Alerts.encode(alertIdentity(data.sourceOrg, data.alertKey), attributes, data), topic };
}

/** Returns the record that remembers an episode. */
export function episodeRecord(sourceOrg: string, alertKey: string, episode: Episode): OutgoingRecord {
  const key = alertIdentity(sourceOrg, alertKey);
  const { open, startsAt, recoveredAt, repeats, digest, isEnding } = episode;
  const publishedAt = timeOf(episode.publishedAt);
  const data: IntakeEpisode = {
    sourceOrg,
    alertKey,
    open,
    ...(startsAt === undefined ? {} : { startsAt: timeOf(startsAt) }),
    occurredAt: timeOf(episode.occurredAt),
    ...(recoveredAt === undefined ? {} : { recoveredAt: timeOf(recoveredAt) }),
    publishedAt,
    repeats,
    ...(isEnding ? { ending: true } : {}),
    digest,
  };
  return IntakeEpisodes.encode(key, { id: key, source: own, time: publishedAt }, data);
}

/** Returns the record that keeps what could not be read, and its id, which follows from what it says. */
export function refusedRecord(
  { place, reason, request }: Refused,
  { sourceOrg, name, kind }: Integration,
): { readonly id: string; readonly record: OutgoingRecord } {
  const whole = JSON.stringify(request) ?? '';
  const text = cut(whole, maxRefusedLength);
  const id = hashOf(JSON.stringify([sourceOrg, name, reason, text])).slice(0, 32);
  const attributes = { id, source: own, time: systemClock.now().toISOString() };
  const record = RefusedAlerts.encode(`${sourceOrg}/${name}`, attributes, {
    sourceOrg,
    integration: name,
    kind,
    place,
    reason: cut(reason, 1024),
    request: text,
    isCut: text.length < whole.length,
  });
  return { id, record };
}
