import { Injectable } from '@nestjs/common';
import {
  Alerts,
  entryOf,
  type IntakeEpisode,
  IntakeEpisodes,
  type Integration,
  Integrations,
  integrationKeyOf,
  orgAlertTopicOf,
  reservedKeyPrefix,
  type SourceOrg,
  SourceOrgs,
} from '@pagebridge/contracts';
import type { ConsumedRecord } from '@pagebridge/kafka';
import { alertIdentity } from '@pagebridge/vocabulary';
import type { Episode } from './episodes/episode.ts';
import { EpisodeTable } from './episodes/episode-table.ts';

export const tableCards = [Integrations.card, SourceOrgs.card, IntakeEpisodes.card];

/** The integrations, the alert topics of source orgs and the episodes, as Kafka has them. */
@Injectable()
export class Tables {
  private readonly integrations = new Map<string, Integration>();
  /** Of the settings of an org no more than these: it may have ten thousand local handles. */
  private readonly settings = new Map<string, Pick<SourceOrg, 'sourceOrg' | 'alertTopic' | 'version'>>();
  /** The test pages of the last minutes, by alert identity: few, and never forgotten, since nobody else ends them. */
  readonly tests = new Map<string, IntakeEpisode>();

  constructor(readonly episodes: EpisodeTable) {}

  integration(sourceOrg: string, name: string): Integration | undefined {
    return this.integrations.get(integrationKeyOf({ sourceOrg, name }));
  }

  /** Returns the topic for the alerts of a source org: its own where only that is read, else the shared one. */
  alertTopicOf = (sourceOrg: string): string => ownTopic(this.settings.get(sourceOrg)) ?? Alerts.card.topic;

  /** Applies a record of one of the topics. Returns why it cannot be read; undefined if it can. */
  handle = (record: ConsumedRecord): string | undefined => {
    const key = record.key?.toString() ?? '';
    if (key.startsWith(reservedKeyPrefix)) return undefined;
    const { topic } = record;
    if (topic === Integrations.card.topic) {
      return read(record, Integrations, integrationKeyOf, (value) => putNewer(this.integrations, key, value));
    }
    if (topic === SourceOrgs.card.topic) {
      return read(record, SourceOrgs, orgOf, (value) => putNewer(this.settings, key, value && topicSettingsOf(value)));
    }
    return read(record, IntakeEpisodes, episodeKeyOf, (value) => this.remember(key, value));
  };

  private remember(key: string, value: IntakeEpisode | undefined): void {
    const slash = key.indexOf('/');
    const [sourceOrg, alertKey] = [key.slice(0, slash), key.slice(slash + 1)];
    if (!value) {
      this.tests.delete(key);
      this.episodes.delete(sourceOrg, alertKey);
      return;
    }
    if (value.test) {
      this.tests.set(key, value);
      return;
    }
    const episode = episodeFrom(value);
    if (!isStale(episode, this.episodes.get(sourceOrg, alertKey))) this.episodes.set(sourceOrg, alertKey, episode);
  }
}

function read<Data>(
  record: ConsumedRecord,
  contract: Parameters<typeof entryOf<Data>>[0],
  keyOf: (data: Data) => string,
  apply: (value: Data | undefined) => void,
): string | undefined {
  const entry = entryOf(contract, record, keyOf);
  if (entry.kind === 'unreadable') return entry.detail;
  apply(entry.value ?? undefined);
  return undefined;
}

const orgOf = ({ sourceOrg }: SourceOrg): string => sourceOrg;
const episodeKeyOf = ({ sourceOrg, alertKey }: IntakeEpisode): string => alertIdentity(sourceOrg, alertKey);

// A relay that was frozen may write an old record after a newer one.
function putNewer<Value extends { readonly version: number }>(
  map: Map<string, Value>,
  key: string,
  value: Value | undefined,
): void {
  if (value === undefined) map.delete(key);
  else if (value.version >= (map.get(key)?.version ?? 0)) map.set(key, value);
}

const topicSettingsOf = ({ sourceOrg, alertTopic, version }: SourceOrg) => ({
  sourceOrg,
  version,
  ...(alertTopic ? { alertTopic } : {}),
});

// While both are read, an org is on its way to one of them: on the shared one, nothing is unread when the way ends.
const ownTopic = (settings: Pick<SourceOrg, 'sourceOrg' | 'alertTopic'> | undefined): string | undefined =>
  settings?.alertTopic === 'own' ? orgAlertTopicOf(settings.sourceOrg) : undefined;

/** Returns whether an instance wrote that an alert still fires, after another had written that it has recovered. */
const isStale = (episode: Episode, known: Episode | undefined): boolean =>
  episode.open && known?.recoveredAt !== undefined && episode.occurredAt <= known.recoveredAt;

const episodeFrom = ({ startsAt, recoveredAt, ...rest }: IntakeEpisode): Episode => ({
  open: rest.open,
  startsAt: startsAt === undefined ? undefined : Date.parse(startsAt),
  occurredAt: Date.parse(rest.occurredAt),
  recoveredAt: recoveredAt === undefined ? undefined : Date.parse(recoveredAt),
  publishedAt: Date.parse(rest.publishedAt),
  repeats: rest.repeats,
  digest: rest.digest,
  ...(rest.ending ? { isEnding: true } : {}),
});
