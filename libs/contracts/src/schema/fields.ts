import {
  alertKeyPattern,
  directoryPattern,
  longestDirectory,
  orgIdPattern,
  slugPattern,
  teamHandlePattern,
} from '@pagebridge/vocabulary';
import { type Static, type TSchema, Type } from 'typebox';
import { traceparentPattern } from '../trace.ts';
import { longestInstant } from './instant.ts';

/** What stands in keys, or is told apart by: text that UTF-8 can carry, so that it is the same wherever it is read. */
const carried = { format: 'well-formed' } as const;
/** A page's id: ASCII, since it goes into tags and onto command lines. */
export const pageIdPattern = '^[A-Za-z0-9_-]{16,64}$';
/** Text without control characters, which JSON would write as six bytes each. */
export const linePattern = '^[^\\u0000-\\u001f\\u007f]*$';
/** Is passed on as it was read: what its schema does not name is left out when it is read, so that it has a bound. */
const closed = { additionalProperties: false } as const;

/** The fields that several facts carry, each described once. Lengths are in characters, times are RFC 3339 UTC. */
export const sourceOrg = Type.String({
  pattern: orgIdPattern,
  maxLength: 63,
  description: 'Org where the alert originates: 1 to 63 of `a-z 0-9 -`, no `-` at either end.',
});
export const alertKey = Type.String({
  pattern: alertKeyPattern,
  maxLength: 512,
  ...carried,
  description:
    'Names the alerting thing within its org, equal for its trigger and its recovery: 1 to 512 printable characters.',
});
export const connectionId = Type.String({
  format: 'uuid',
  maxLength: 36,
  description: 'The connection that may page.',
});
export const directory = Type.String({
  pattern: directoryPattern,
  maxLength: longestDirectory,
  description:
    'What one service account of a destination org sees of its teams: `<dataCenter>/<destinationOrgId>/<serviceAccountId>`, ' +
    'or `<dataCenter>/~/<connectionId>` where the destination does not say whose key it is.',
});
export const tokenId = Type.String({
  format: 'uuid',
  maxLength: 36,
  description: 'The API token; no secret, it only names it.',
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
/** How a mention came to its team; `fallback` is that of an unknown handle, to the team its source org falls back on. */
export const matchedHow = ['exact', 'qualified', 'renamed', 'fallback'] as const;
export const pageId = Type.String({
  pattern: pageIdPattern,
  maxLength: 64,
  description: "Pagebridge's id of a page: 16 to 64 of `A-Z a-z 0-9 _ -`.",
});
/** Names something, and is the same wherever it is read. */
export const id = (maxLength: number, description: string) =>
  Type.String({ minLength: 1, maxLength, ...carried, description });
export const eventId = id(256, 'CloudEvents id of the alert event.');
/** The handle as it was mentioned. */
export const mention = (maxLength: number, description: string) => Type.String({ maxLength, ...carried, description });
/** Of the years 2000 to 2200, at most nine digits after the second. */
export const time = (description: string) =>
  Type.String({ format: 'date-time', maxLength: longestInstant, description });
/** A time that was computed: of any year. */
export const moment = (description: string) =>
  Type.String({ format: 'moment', maxLength: longestInstant, description });
export const count = (description: string) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description });
export const generation = count('Generation of the owner that wrote it; a reader ignores an older one.');
export const text = (maxLength: number, description: string) => Type.String({ maxLength, description });
/** Text without control characters. */
export const line = (maxLength: number, description: string) =>
  Type.String({ maxLength, pattern: linePattern, ...carried, description });
/** Who does something, as issuer and subject. */
export const actor = (description: string) => line(512, `${description} \`<issuer>#<subject>\`.`);
/** W3C trace context. */
export const trace = (description: string) => Type.String({ pattern: traceparentPattern, maxLength: 55, description });
/** A union told apart by the literal in its `kind`, so that a complaint is about the kind that was meant. */
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

/** How long a page may be tried before its backup is paged; the maximum age of a page ends everything after hours. */
export const failoverBounds = {
  afterFailures: { minimum: 1, maximum: 100 },
  afterSeconds: { minimum: 5, maximum: 14_400 },
} as const;
const limits = {
  afterFailures: Type.Optional(
    Type.Integer({ ...failoverBounds.afterFailures, description: 'Calls that failed before the backup is paged.' }),
  ),
  afterSeconds: Type.Optional(
    Type.Integer({
      ...failoverBounds.afterSeconds,
      description: 'Seconds without acceptance before the backup is paged.',
    }),
  ),
};
/** What a connection names as its backup: at least one of the limits is set, the first to be reached counts. */
export const backup = Type.Object(
  { connectionId, teamHandle, ...limits },
  {
    ...closed,
    description: 'Who is paged where this connection does not take a page in time; another connection of the same org.',
  },
);
/** The same as routing found it: with the team that the handle names. */
export const failover = Type.Object(
  { connectionId, teamId, teamHandle, ...limits },
  { ...closed, description: 'Who is paged where this page is not accepted in time.' },
);
/** On a page that stands in for another: that one. */
export const failoverOf = Type.Object(
  { pageId, connectionId, teamId, teamHandle, slug: Type.Optional(slug) },
  { ...closed, description: 'The page that this one is the backup of, and whom it was for; a backup has no backup.' },
);
