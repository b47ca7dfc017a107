import { type Alert, type Event, IntakeEpisodes, maxValueBytes } from '@pagebridge/contracts';
import { partitionFor } from '@pagebridge/kafka';
import { jsonOf, Problem } from '@pagebridge/service';
import { anIntegration } from '@pagebridge/testing';
import { alertIdentity, type IntegrationKind } from '@pagebridge/vocabulary';
import type { Episode } from '../../../apps/alert-intake/src/episodes/episode.ts';
import type { Carded } from '../../../apps/alert-intake/src/sending/plan.ts';
import { dialects } from '../../harness/hostile-bodies/dialects.ts';
import { promise } from '../target.ts';

/** The pure parts of alert-intake: from its sources where decorators are compiled, as in tests, else as it is built. */
export async function sourcesIn(folder: 'src' | 'dist') {
  const load = <Module>(name: string): Promise<Module> =>
    import(`../../../apps/alert-intake/${folder}/${name}.${folder === 'src' ? 'ts' : 'js'}`) as Promise<Module>;
  type Guard = typeof import('../../../apps/alert-intake/src/callers/caller.guard.ts');
  type Of = typeof import('../../../apps/alert-intake/src/sending/event-of.ts');
  type Plans = typeof import('../../../apps/alert-intake/src/sending/plan.ts');
  type Read = typeof import('../../../apps/alert-intake/src/sending/read.ts');
  type Alertmanager = typeof import('../../../apps/alert-intake/src/sources/alertmanager/alertmanager.ts');
  type CloudEvents = typeof import('../../../apps/alert-intake/src/sources/cloudevents/cloudevents.ts');
  type Datadog = typeof import('../../../apps/alert-intake/src/sources/datadog/datadog.ts');
  type Grafana = typeof import('../../../apps/alert-intake/src/sources/grafana/grafana.ts');
  type PagerDuty = typeof import('../../../apps/alert-intake/src/sources/pagerduty/pagerduty.ts');
  type Plain = typeof import('../../../apps/alert-intake/src/sources/plain/plain-alerts.ts');
  return {
    ...(await load<Guard>('callers/caller.guard')),
    ...(await load<Of>('sending/event-of')),
    ...(await load<Plans>('sending/plan')),
    ...(await load<Read>('sending/read')),
    ...(await load<Alertmanager>('sources/alertmanager/alertmanager')),
    ...(await load<CloudEvents>('sources/cloudevents/cloudevents')),
    ...(await load<Datadog>('sources/datadog/datadog')),
    ...(await load<Grafana>('sources/grafana/grafana')),
    ...(await load<PagerDuty>('sources/pagerduty/pagerduty')),
    ...(await load<Plain>('sources/plain/plain-alerts')),
  };
}

type Sources = Awaited<ReturnType<typeof sourcesIn>>;

const topic = 'paging.alerts.v1';
const sourceOrg = 'acme-us';

/** A request, of which nothing more is done once it has taken too much. */
interface Passenger {
  readonly kind: IntegrationKind;
  /** The inflated body. */
  readonly bytes: Buffer;
  readonly isTooMuch: () => boolean;
}

/** What a request holds while it waits for Kafka; nothing of one that is refused. */
export interface Held {
  readonly body?: unknown;
  readonly events: readonly Event<Alert>[];
  readonly carded: readonly Carded[];
  /** The alerts that it has, also those that cannot be read. */
  readonly alerts: number;
  readonly letters: readonly unknown[];
}

export class TooMuch extends Error {}

const nothing: Held = { events: [], carded: [], alerts: 0, letters: [] };

/** Takes a request as far as alert-intake does before it waits for Kafka. Throws what is no refusal. */
export async function received(sources: Sources, { kind, bytes, isTooMuch }: Passenger): Promise<Held> {
  const { limitsOf, keyIn, readAll, understood, readCloudEvents } = sources;
  const { contentType, maxBytes } = dialects[kind];
  const stopIfTooMuch = () => {
    if (isTooMuch()) throw new TooMuch();
  };
  try {
    if (kind === 'pagerduty') keyIn(bytes, 'routing_key');
    const body = jsonOf(bytes, contentType, limitsOf(maxBytes, bytes.length));
    if (kind === 'cloudevents') {
      const { members, read } = understood(readCloudEvents({ 'content-type': contentType }, body, sourceOrg));
      const events = members.map((member, index) => {
        stopIfTooMuch();
        return understood(read(member, index));
      });
      return { ...nothing, body, events, alerts: events.length };
    }
    const integration = anIntegration({ sourceOrg, kind, defaultHandle: 'core' });
    const carded: Carded[] = [];
    const inPieces = async <Item>(items: Iterable<Item>, work: (item: Item) => void) => {
      for (const item of items) {
        stopIfTooMuch();
        work(item);
      }
    };
    const { refused, unreadable } = await readAll(readingOf(sources, kind, body), inPieces, (alert, member) => {
      const its = sources.cardOf(alert, member, integration);
      partitionFor(alertIdentity(sourceOrg, its.card.alertKey), IntakeEpisodes.card.partitions);
      carded.push(its);
    });
    const letters = refused.map((each) => sources.refusedRecord(each, integration));
    return { ...nothing, body, carded, alerts: carded.length + unreadable, letters };
  } catch (error) {
    if (error instanceof Problem) return nothing;
    throw error;
  }
}

function readingOf(sources: Sources, kind: Exclude<IntegrationKind, 'cloudevents'>, body: unknown) {
  const { readAlertmanager, readGrafana, readDatadog, readPlain, readEventV2, understood } = sources;
  const readings = {
    alertmanager: readAlertmanager,
    grafana: readGrafana,
    datadog: readDatadog,
    pagerduty: readEventV2,
    alerts: readPlain,
  };
  return understood(readings[kind](body));
}

/** Makes the records of a request. Throws if one of them is longer than what page-routing reads. */
export function recorded(sources: Sources, { events, carded }: Held, { kind, isTooMuch }: Passenger): void {
  const { planOf, episodeRecord, alertRecord } = sources;
  const integration = anIntegration({ sourceOrg, kind, defaultHandle: 'core' });
  const known = new Map<string, Episode>();
  const write = (event: Event<Alert>) => {
    if (isTooMuch()) throw new TooMuch();
    const { value } = alertRecord(event, topic);
    promise(Buffer.byteLength(value ?? '') <= maxValueBytes, 'a record that page-routing does not read');
  };
  events.forEach(write);
  for (const each of carded) {
    const plan = planOf([each], integration, (key) => known.get(key), Date.now());
    for (const [key, episode] of plan.episodes) {
      known.set(key, episode);
      episodeRecord(sourceOrg, key, episode);
    }
    plan.events.forEach(write);
  }
}
