import { it } from '@jest/globals';
import { type KafkaSettings, plaintext } from '@pagebridge/kafka';
import { AlertTopics } from '@pagebridge/routing';
import { systemClock } from '@pagebridge/service';
import { waitFor } from '@pagebridge/testing';
import { OrgTopics } from './org-topics.ts';

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const settings: KafkaSettings = { brokers: ['127.0.0.1:1'], clientId: 'spec', security: plaintext, log };

it('an attempt to read the topics of orgs ends soon without a broker, so that a stop need not wait for it', async () => {
  const topics = new AlertTopics();
  topics.apply('acme-us', { sourceOrg: 'acme-us', localHandles: [], version: 1, alertTopic: 'own' });
  const orgTopics = new OrgTopics(settings, topics, systemClock);
  orgTopics.start({ handler: async () => ({}) });
  await waitFor('the end of an attempt', () => orgTopics.health().detail.includes('No Kafka broker answers'));
  await orgTopics.stop();
});
