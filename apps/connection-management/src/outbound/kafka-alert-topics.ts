import { Alerts, orgAlertTopicOf } from '@pagebridge/contracts';
import { KafkaError, type KafkaSettings, topicsSeen } from '@pagebridge/kafka';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import type { AlertTopics, UnfitTopic } from '../application/ports.ts';

// Short, because a caller waits for the answer.
const connectTimeoutMs = 5000;

/** Checks own alert topics in the metadata of Kafka, which lists the topics that this service may describe. */
export class KafkaAlertTopics implements AlertTopics {
  constructor(private readonly settings: KafkaSettings) {}

  async faultOf(sourceOrg: string): Promise<UnfitTopic | undefined> {
    const topic = orgAlertTopicOf(sourceOrg);
    const { partitions } = Alerts.card;
    try {
      const seen = await topicsSeen({ ...this.settings, connectTimeoutMs });
      const missing = [topic, deadLetterTopicOf(topic)].filter((name) => !seen.has(name));
      if (missing.length > 0) return { detail: `${missing.join(' and ')} cannot be found on Kafka`, fault: 'unseen' };
      const count = seen.get(topic);
      if (count === partitions) return undefined;
      return { detail: `${topic} has ${count} partitions instead of ${partitions}`, fault: 'partitions' };
    } catch (error) {
      if (error instanceof KafkaError) return { detail: error.message, fault: 'kafka-unavailable' };
      throw error;
    }
  }
}
