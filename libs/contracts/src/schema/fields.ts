import {
  alertKeyPattern,
  directoryPattern,
  integrationPattern,
  maxDirectoryLength,
  orgIdPattern,
  slugPattern,
  teamHandlePattern,
} from '@pagebridge/vocabulary';
import { type Static, type TSchema, Type } from 'typebox';
import { traceparentPattern } from '../trace.ts';
import { maxInstantLength } from './instant.ts';

/** For texts in keys and ids: text that UTF-8 can encode, so that every reader gets the same text. */
const carried = { format: 'well-formed' } as const;
/** The id of a page: ASCII, since it is used in tags and on command lines. */
export const pageIdPattern = '^[A-Za-z0-9_-]{16,64}$';
/** Text without control characters, each of which takes six bytes in JSON. */
export const linePattern = '^[^\\u0000-\\u001f\\u007f]*$';
/** For objects that are passed on: unknown fields are removed when they are read, so that their size is bounded. */
const closed = { additionalProperties: false } as const;

/** The position of a record. A text, not an object, because the ledger and the memory of page-delivery hold very many. */
export const recordPattern = '^[A-Za-z0-9._-]{1,249}/\\d{1,10}/\\d{1,16}$';

/** The fields that several events share. Lengths are in characters. */
export const sourceOrg = Type.String({
  pattern: orgIdPattern,
  maxLength: 63,
  description: 'Org where the alert originates: 1 to 63 of `a-z 0-9 -`, no `-` at either end.',
});
export const alertKey = Type.String({
  pattern: alertKeyPattern,
  maxLength: 512,
  ...carried,
  description: 'Identifies the alert within its org, equal for trigger and recovery: 1 to 512 printable characters.',
});
export const connectionId = Type.String({
  format: 'uuid',
  maxLength: 36,
  description: 'The connection that may page.',
});
export const directory = Type.String({
  pattern: directoryPattern,
  maxLength: maxDirectoryLength,
  description:
    'The teams that one service account of a destination org sees: `<dataCenter>/<destinationOrgId>/<serviceAccountId>`, ' +
    'or `<dataCenter>/~/<connectionId>` if the destination does not reveal the owner of the key.',
});
export const tokenId = Type.String({
  format: 'uuid',
  maxLength: 36,
  description: 'Id of the API token, which is not secret.',
});
export const integration = Type.String({
  pattern: integrationPattern,
  maxLength: 40,
  description:
    'Name of an integration: 1 to 40 of `a-z 0-9 -`, no `-` at either end; it begins the keys of its alerts.',
});
export const teamId = Type.String({
  minLength: 1,
  maxLength: 64,
  ...carried,
  description: "The team's id in its destination org.",
});
export const teamHandle = Type.String({
  pattern: teamHandlePattern,
  maxLength: 195,
  description: 'Handle without `@oncall-`: 1 to 195 of `a-z 0-9 . _ - : /`, no `_` at its end.',
});
export const slug = Type.String({
  pattern: slugPattern,
  maxLength: 63,
  description: 'Qualifies a handle, `@oncall-<slug>/<handle>`: 1 to 63 of `a-z 0-9 -`, no `-` at either end.',
});
/** How a mention was matched to a team; `fallback`: the handle is unknown, and the fallback handle of its source org was used. */
export const matchedHow = ['exact', 'qualified', 'renamed', 'fallback'] as const;
export const pageId = Type.String({
  pattern: pageIdPattern,
  maxLength: 64,
  description: "Pagebridge's id of a page: 16 to 64 of `A-Z a-z 0-9 _ -`.",
});
export const id = (maxLength: number, description: string) =>
  Type.String({ minLength: 1, maxLength, ...carried, description });
export const eventId = id(256, 'CloudEvents id of the alert event.');
/** The handle as it was mentioned. */
export const mention = (maxLength: number, description: string) => Type.String({ maxLength, ...carried, description });
/** An RFC 3339 time from the year 2000 to 2200, with at most nine digits after the second. */
export const time = (description: string) =>
  Type.String({ format: 'date-time', maxLength: maxInstantLength, description });
/** A computed time, of any year. */
export const moment = (description: string) =>
  Type.String({ format: 'moment', maxLength: maxInstantLength, description });
export const count = (description: string) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description });
export const ownerEpoch = count('Number of the owner that wrote the record; readers ignore records of an older one.');
export const text = (maxLength: number, description: string) => Type.String({ maxLength, description });
/** The position of a record, `<topic>/<partition>/<offset>`. */
export const position = (description: string) => Type.String({ pattern: recordPattern, maxLength: 277, description });
/** Text without control characters. */
export const line = (maxLength: number, description: string) =>
  Type.String({ maxLength, pattern: linePattern, ...carried, description });
/** An actor, as issuer and subject. */
export const actor = (description: string) => line(512, `${description} \`<issuer>#<subject>\`.`);
/** W3C trace context. */
export const trace = (description: string) => Type.String({ pattern: traceparentPattern, maxLength: 55, description });
/** A union with the discriminator `kind`, so that an error refers to the intended kind. */
export const eitherKind = <Kinds extends TSchema[]>(...kinds: Kinds) =>
  Type.Unsafe<Static<Kinds[number]>>({
    type: 'object',
    discriminator: { propertyName: 'kind' },
    oneOf: kinds,
  });
export const oneOf = <T extends string>(values: readonly T[], description: string) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], description });
export const tags = Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
  maxItems: 256,
  description: 'Tags as `key:value`.',
});
export const links = Type.Array(
  Type.Object(
    {
      title: Type.String({ minLength: 1, maxLength: 256 }),
      url: Type.String({ format: 'uri', maxLength: 2048, pattern: '^https?://', description: 'An http(s) URL.' }),
    },
    closed,
  ),
  { maxItems: 32, description: 'Links into the source org.' },
);

/** The last call of a page to its destination, whose answer led to what the record says. */
export const call = Type.Object(
  {
    durationMs: count('From the request to the end of its answer, or of the wait for one.'),
    status: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 999, description: 'HTTP status; absent without an answer.' }),
    ),
    limitLeft: Type.Optional(count('Calls left in the rate limit of the destination, if the answer named one.')),
  },
  { ...closed, description: 'The last call to the destination; absent if there was none, or its answer was lost.' },
);

/** The bounds of the failover limits; the maximum age of a page, in hours, ends a page in any case. */
export const failoverBounds = {
  afterFailures: { minimum: 1, maximum: 100 },
  afterSeconds: { minimum: 5, maximum: 14_400 },
} as const;
/**
 * The seconds of a failover that gives none. Failures alone do not limit the wait, since few calls are made, or none, to
 * a destination that is down, asks for a pause, or refuses the credential.
 */
export const defaultFailoverSeconds = 120;
const limits = {
  afterFailures: Type.Optional(
    Type.Integer({ ...failoverBounds.afterFailures, description: 'Failed calls before the backup is paged.' }),
  ),
  afterSeconds: Type.Optional(
    Type.Integer({
      ...failoverBounds.afterSeconds,
      description: `Seconds without acceptance before the backup is paged; default ${defaultFailoverSeconds}.`,
    }),
  ),
};
/** The backup of a connection. The first limit that is reached triggers the failover. */
export const backup = Type.Object(
  { connectionId, teamHandle, ...limits },
  { ...closed, description: 'Team of another connection, paged if this connection does not accept a page in time.' },
);
/** The backup of a page, as resolved by page-routing: with the team of the handle. */
export const failover = Type.Object(
  { connectionId, teamId, teamHandle, ...limits },
  { ...closed, description: 'Team that is paged if this page is not accepted in time.' },
);
/** On a backup page: the page that it is the backup of. */
export const failoverOf = Type.Object(
  { pageId, connectionId, teamId, teamHandle, slug: Type.Optional(slug) },
  { ...closed, description: 'The page that this one is the backup of, with its team; a backup has no backup.' },
);
