import { integrationKinds } from '@pagebridge/vocabulary';
import { type Static, Type } from 'typebox';
import { defineTopic, letterBytes } from '../card.ts';
import { integration, oneOf, sourceOrg, text } from '../schema/fields.ts';

/** The maximum length of a request that is kept. */
export const maxRefusedLength = 150_000;

const value = Type.Object({
  sourceOrg,
  integration,
  kind: oneOf(integrationKinds, 'The form of the request.'),
  place: text(256, 'Position in the request, such as `alerts.3`.'),
  reason: text(1024, 'Reason why the alert could not be read.'),
  request: text(maxRefusedLength, 'A request with this alert alone, as JSON without any token: it can be sent again.'),
  isCut: Type.Boolean({ description: 'Whether it was longer.' }),
});

/** An alert of a request that could not be read, while others of the same request were. */
export type RefusedAlert = Static<typeof value>;

export const refusedAlerts = defineTopic({
  topic: 'paging.refused-alerts.v1',
  eventType: 'com.pagebridge.refused-alert.v1',
  key: '<sourceOrg>/<integration>',
  order: 'per integration',
  producers: ['alert-intake'],
  consumers: ['subscribers'],
  cleanup: 'delete',
  deadLetter: false,
  // A person must act.
  retentionMs: 30 * 24 * 60 * 60 * 1000,
  retentionBytes: letterBytes,
  meaning: 'An alert over HTTP that was rejected and pages nobody; its sender got the reason.',
  value,
});
