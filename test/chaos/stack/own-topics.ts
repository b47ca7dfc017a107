import { cards } from '@pagebridge/contracts';
import { addAcls } from '@pagebridge/kafka';
import { type KafkaPlace, kafkaSettings } from '@pagebridge/local-stack';
import { aclsOf } from '@pagebridge/topics';

const producers = 'alert-producers';

/** Rights on the topics that these source orgs own. One program writes the alerts of all of them here. */
export const grantOwnTopics = (place: KafkaPlace, sourceOrgs: readonly string[]): Promise<void> =>
  addAcls(
    kafkaSettings(place, 'chaos-acls', 'admin'),
    aclsOf(cards, sourceOrgs).map(({ who, ...acl }) => ({
      principal: `User:${who.startsWith(producers) ? producers : who}`,
      ...acl,
    })),
  );
