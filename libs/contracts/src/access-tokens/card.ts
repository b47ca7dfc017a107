import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { actor, count, integration, line, oneOf, sourceOrg, time, tokenId } from '../schema/fields.ts';

const value = Type.Object({
  tokenId,
  sourceOrg,
  name: line(100, 'Name for people.'),
  role: Type.Optional(oneOf(['viewer', 'editor', 'admin'], 'Role of its bearer in the source org.')),
  permissions: Type.Optional(
    Type.Array(Type.String({ pattern: '^[a-z:-]{1,64}$', maxLength: 64 }), {
      maxItems: 32,
      description: 'Single permissions instead of a role; readers ignore unknown ones.',
    }),
  ),
  integration: Type.Optional(integration),
  hash: Type.String({
    pattern: '^[0-9a-f]{64}$',
    maxLength: 64,
    description: 'SHA-256 of the token, in hexadecimal; the token itself is not stored.',
  }),
  createdAt: time('Time of its creation.'),
  createdBy: actor('Who created it.'),
  expiresAt: time('Time of its expiry.'),
  revokedAt: Type.Optional(time('Time of its revocation, which is final.')),
  version: count('Incremented with each change; readers ignore older versions.'),
});

/** An API token of a source org, as the services that check it need it. */
export type AccessToken = Static<typeof value>;

export const accessTokens = defineTopic({
  topic: 'paging.access-tokens.v1',
  eventType: 'com.pagebridge.access-token.v1',
  key: '<tokenId>',
  order: 'per token',
  producers: ['connection-management'],
  consumers: ['connection-management', 'handle-sync', 'page-routing', 'alert-intake', 'page-history'],
  cleanup: 'compact',
  meaning: 'The current state of an API token, without the token itself; a tombstone means that it expired long ago.',
  value,
});
