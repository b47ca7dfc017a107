import { type Static, Type } from 'typebox';
import { defineTopic } from '../card.ts';
import { actor, count, line, oneOf, sourceOrg, time, tokenId } from '../schema/fields.ts';

const value = Type.Object({
  tokenId,
  sourceOrg,
  name: line(100, 'What people call it.'),
  role: Type.Optional(oneOf(['viewer', 'editor', 'admin'], 'What its bearer may do in the source org.')),
  permissions: Type.Optional(
    Type.Array(Type.String({ pattern: '^[a-z:-]{1,64}$', maxLength: 64 }), {
      maxItems: 32,
      description: 'The same one by one, where no role is given; those that a reader does not know it leaves out.',
    }),
  ),
  hash: Type.String({
    pattern: '^[0-9a-f]{64}$',
    maxLength: 64,
    description: 'SHA-256 of the token, in hexadecimal: the token itself stands nowhere.',
  }),
  createdAt: time('When it was made.'),
  createdBy: actor('Who made it.'),
  expiresAt: time('When it ends by itself.'),
  revokedAt: Type.Optional(time('When it was revoked; it stays so.')),
  version: count('Grows with each change; a reader ignores an older one.'),
});

/** An API token of a source org, as those that check it know it. */
export type AccessToken = Static<typeof value>;

export const accessTokens = defineTopic({
  topic: 'paging.access-tokens.v1',
  eventType: 'com.pagebridge.access-token.v1',
  key: '<tokenId>',
  order: 'per token',
  producers: ['connection-management'],
  consumers: ['connection-management', 'handle-sync', 'page-routing'],
  cleanup: 'compact',
  meaning: 'The API token as it now stands, without the token itself; a tombstone means expired long ago.',
  value,
});
