import { type Alert, type Event, maxValueBytes } from '@pagebridge/contracts';
import { Problem } from '@pagebridge/service';
import { anIntegration } from '@pagebridge/testing';
import type { IntegrationKind } from '@pagebridge/vocabulary';
import type { Episode } from '../../../apps/alert-intake/src/episodes/episode.ts';
import type { ReadRequest } from '../../../apps/alert-intake/src/sending/read.ts';
import { dialects } from '../../harness/hostile-bodies/dialects.ts';
import { promise } from '../target.ts';
import type { Sources } from './sources.ts';

const topic = 'paging.alerts.v1';
const sourceOrg = 'acme-us';

/** What a request holds while it waits for Kafka, and how many alerts it has. */
export interface Held {
  readonly things: unknown[];
  alerts: number;
}

/**
 * Takes the inflated bytes of a request the whole way of alert-intake up to the records that it would publish, in steps. Throws what is no
 * refusal, and if a record is one that nobody reads.
 */
export function* passage(sources: Sources, kind: IntegrationKind, bytes: Buffer, held: Held): Generator<void> {
  const { readCloudEvents, understood, readAll } = sources;
  try {
    const body = parsedBody(bytes);
    held.things.push(body);
    yield;
    if (kind === 'cloudevents') {
      const headers = { 'content-type': dialects[kind].contentType };
      const events = understood(readCloudEvents(headers, body, sourceOrg));
      held.things.push(events);
      held.alerts = events.length;
      yield;
      yield* encoded(sources, events);
      return;
    }
    const read = readAll(understood(readingOf(sources, kind, body)));
    held.things.push(read);
    held.alerts = read.alerts.length + read.unreadable;
    yield;
    yield* planned(sources, kind, read);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

function readingOf(sources: Sources, kind: Exclude<IntegrationKind, 'cloudevents'>, body: unknown) {
  const { readAlertmanager, readGrafana, readDatadog, readPlain, readEventV2 } = sources;
  const readings = {
    alertmanager: readAlertmanager,
    grafana: readGrafana,
    datadog: readDatadog,
    pagerduty: readEventV2,
    alerts: readPlain,
  };
  return readings[kind](body);
}

function* planned(sources: Sources, kind: IntegrationKind, { alerts, refused }: ReadRequest): Generator<void> {
  const { refusedRecord, planOf, cardsOf, episodeRecord } = sources;
  const integration = anIntegration({ sourceOrg, kind, defaultHandle: 'core' });
  for (const each of refused) {
    refusedRecord(each, integration);
    yield;
  }
  const known = new Map<string, Episode>();
  for (const alert of alerts) {
    const { events, episodes } = planOf(
      cardsOf([alert], integration),
      integration,
      (key) => known.get(key),
      Date.now(),
    );
    for (const [key, episode] of episodes) {
      known.set(key, episode);
      episodeRecord(sourceOrg, key, episode);
    }
    yield* encoded(sources, events);
  }
}

function* encoded({ alertRecord }: Sources, events: readonly Event<Alert>[]): Generator<void> {
  for (const event of events) {
    const { value } = alertRecord(event, topic);
    promise(Buffer.byteLength(value ?? '') <= maxValueBytes, 'a record that page-routing does not read');
    yield;
  }
}

const maxLevels = 32;
function parsedBody(bytes: Buffer): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const body = JSON.parse(text);
    let level = [body];
    for (let levels = 0; level.length > 0; levels += 1) {
      if (levels > maxLevels) return undefined;
      level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
    }
    return body;
  } catch {
    return undefined;
  }
}
