import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { oneOf, sourceOrg, time, tokenId } from '../schema/fields.ts';

const value = Type.Object({
  tokenId,
  sourceOrg,
  usedAt: time('Time of the use.'),
  usedBy: oneOf(
    ['connection-management', 'handle-sync', 'page-routing', 'alert-intake'],
    'Service that the token was used at.',
  ),
});

/** A use of an API token: published at most once a minute by each instance of a service. */
export type AccessTokenUse = Static<typeof value>;

export const accessTokenUses = defineTopic({
  topic: 'paging.access-token-uses.v1',
  eventType: 'com.pagebridge.access-token-use.v1',
  key: '<tokenId>',
  order: 'per token',
  producers: ['connection-management', 'handle-sync', 'page-routing', 'alert-intake'],
  consumers: ['connection-management'],
  cleanup: 'delete',
  meaning: 'An API token was used; published at most once a minute by each instance of a service.',
  value,
});
