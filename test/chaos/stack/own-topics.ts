import { cards } from '@pagebridge/contracts';
import { addAcls } from '@pagebridge/kafka';
import { type KafkaPlace, kafkaSettings } from '@pagebridge/local-stack';
import { aclsOf } from '@pagebridge/topics';

const producers = 'alert-producers';

/** Grants rights on the own alert topics of these source orgs. One program writes to all of them here. */
export const grantOwnTopics = (place: KafkaPlace, sourceOrgs: readonly string[]): Promise<void> =>
  addAcls(
    kafkaSettings(place, 'chaos-acls', 'admin'),
    aclsOf(cards, sourceOrgs).map(({ who, ...acl }) => ({
      principal: `User:${who.startsWith(producers) ? producers : who}`,
      ...acl,
    })),
  );
