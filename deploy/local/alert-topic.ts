import { Alerts, entryOf, orgAlertTopicOf, SourceOrgs } from '@pagebridge/contracts';
import { type KafkaSettings, TableView } from '@pagebridge/kafka';

/** Returns the topic to which producers of a source org write: its own one as soon as it is read, else the shared one. */
export async function alertTopicOf(sourceOrg: string, settings: KafkaSettings): Promise<string> {
  let isOwnRead = false;
  const view = new TableView(settings, {
    topics: [SourceOrgs.card.topic],
    onRecord: (record) => {
      const entry = entryOf(SourceOrgs, record, (org) => org.sourceOrg);
      if (entry.kind === 'unreadable' || record.key?.toString('utf8') !== sourceOrg) return;
      isOwnRead = (entry.value?.alertTopic ?? 'shared') !== 'shared';
    },
  });
  try {
    await view.start();
  } finally {
    await view.stop();
  }
  return isOwnRead ? orgAlertTopicOf(sourceOrg) : Alerts.card.topic;
}
