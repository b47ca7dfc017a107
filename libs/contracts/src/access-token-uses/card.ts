import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { oneOf, sourceOrg, text, time, tokenId } from '../schema/fields.ts';

/** The maximum length of a refusal. */
export const maxRefusalLength = 512;

const value = Type.Object({
  tokenId,
  sourceOrg,
  usedAt: time('Time of the use.'),
  usedBy: oneOf(
    ['connection-management', 'handle-sync', 'page-routing', 'alert-intake', 'page-history'],
    'Service that the token was used at.',
  ),
  refusal: Type.Optional(
    text(maxRefusalLength, 'Reason why an alert sent with the token pages nobody; absent if no alert was rejected.'),
  ),
  withoutHandle: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      description: 'Number of alerts without a handle in a request; absent if zero.',
    }),
  ),
});

/** A use of an API token: published at most once a minute by each instance of a service, and so is what pages nobody. */
export type AccessTokenUse = Static<typeof value>;

export const accessTokenUses = defineTopic({
  topic: 'paging.access-token-uses.v1',
  eventType: 'com.pagebridge.access-token-use.v1',
  key: '<tokenId>',
  order: 'per token',
  producers: ['connection-management', 'handle-sync', 'page-routing', 'alert-intake', 'page-history'],
  consumers: ['connection-management'],
  cleanup: 'delete',
  meaning: 'An API token was used; published at most once a minute by each instance of a service.',
  value,
});
