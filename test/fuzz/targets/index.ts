import {
  type Contract,
  cards,
  contractOf,
  entryOf,
  headerText,
  nextTraceparent,
  replayedFrom,
  unreadableReasons,
} from '@pagebridge/contracts';
import { deadLetterHeaders, maxMentionLength, mentionsIn, namesWithin } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import { Type } from 'typebox';
import { OidcAuthenticator, PolicyError, parsePolicy } from '../../../libs/access/src/index.ts';
import { isInstant, isMoment, maxInstantLength } from '../../../libs/contracts/src/schema/instant.ts';
import { ConfigError, commonConfig, loadConfig, portConfig } from '../../../libs/service/src/config.ts';
import { dataCenterCatalogue, dataCentersConfig } from '../../../libs/service/src/data-center-catalogue.ts';
import { anyJson, spoiled, textOf } from '../json.ts';
import { hostileHeaders, recordOf } from '../records.ts';
import { promise, type Target, target } from '../target.ts';
import { deadLetterTargets } from './dead-letters.ts';
import { deliveryTargets } from './delivery.ts';
import { destinationTargets } from './destination.ts';
import { kafkaTargets } from './kafka.ts';
import { routingTargets } from './routing.ts';

// Nobody listens there, so no token is accepted; other tests cover valid tokens.
const issuer = 'http://127.0.0.1:9';
const rule = { claim: 'groups', value: '{sourceOrg}-admin', role: 'admin' };
const policy = { issuers: [{ issuer, audience: 'pagebridge', jwksUri: `${issuer}/keys` }], rules: [rule] };
const authenticator = new OidcAuthenticator({ policy: parsePolicy(textOf(policy)) }, () => undefined);

const base64 = (json: fc.Arbitrary<unknown>) =>
  json.map((value) => Buffer.from(textOf(value) ?? '').toString('base64url'));
const header = base64(spoiled(fc.constant({ alg: 'ES256', kid: '1', typ: 'at+jwt' })));
const claims = base64(spoiled(fc.constant({ iss: issuer, aud: 'pagebridge', sub: 'ada', exp: 4_000_000_000 })));
const signature = fc
  .uint8Array({ minLength: 0, maxLength: 80 })
  .map((bytes) => Buffer.from(bytes).toString('base64url'));
const token = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.tuple(header, claims, signature).map((parts) => parts.join('.')),
);
const policyText = fc.oneof(
  spoiled(fc.constant(policy)).map(textOf),
  anyJson.map(textOf),
  fc.string({ unit: 'binary' }),
);

const accessTargets = (): Target[] => [
  target('access token', token, async (drawn) => {
    promise('refusal' in (await authenticator.authenticate(drawn)), 'a forged token was believed');
  }),
  target('access policy', policyText, (drawn) => {
    try {
      parsePolicy(drawn);
    } catch (error) {
      promise(error instanceof PolicyError, `not refused as a usage error: ${(error as Error).stack}`);
    }
  }),
];

const schema = Type.Object({ ...commonConfig, ...dataCentersConfig, PORT: portConfig(3000) });
const names = Object.keys(schema.properties);

const origin = 'https://a.example';
const dataCenters = spoiled(
  fc.constant([{ name: 'A1', site: 'a', location: 'here', apiUrl: origin, pagingUrl: origin }]),
).map(textOf);
const value = fc.oneof(
  fc.constantFrom('', ' ', '0', '-1', '1e9', '0x10', 'NaN', 'info', 'a:1', 'a:1,b:2', 'true', '/etc', '/nowhere'),
  fc.string({ unit: 'binary' }),
  anyJson.map(textOf),
  dataCenters,
);
const environment = fc.dictionary(fc.constantFrom(...names, ...names.map((name) => `${name}_FILE`)), value);

const configTargets = (): Target[] => [
  target('configuration', environment, (drawn) => {
    try {
      dataCenterCatalogue(loadConfig(schema, drawn));
    } catch (error) {
      promise(error instanceof ConfigError, `not refused as a usage error: ${(error as Error).stack}`);
    }
  }),
];

const pieces = [
  '@oncall-',
  '@ONCALL-',
  '@',
  'oncall-',
  'core-infra',
  '.',
  '/',
  '_',
  '-',
  ':',
  ' ',
  '\n',
  '😀',
  '\ud800',
  '\u0000',
];
const text = fc
  .tuple(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 3 }))), repeats())
  .map(([parts, times]) => parts.join('').repeat(times));

function repeats() {
  return fc.constantFrom(1, 1, 1, 1, 50, 2000);
}

// The texts are far longer than an alert may be; with a quadratic algorithm they would take minutes.
const maxMs = 2000;

const handleTargets = (): Target[] => [
  target('handles', text, (message) => {
    const start = performance.now();
    const mentions = mentionsIn(message);
    promise(new Set(mentions).size === mentions.length, 'one mention counts twice');
    for (const mention of mentions) {
      promise(/^[a-z0-9._:/-]+$/.test(mention), `no mention: ${mention}`);
      let length = mention.length + 1;
      for (const name of namesWithin(mention)) {
        promise(name.length < length && name.length <= maxMentionLength, 'names that do not get shorter');
        length = name.length;
      }
    }
    const took = performance.now() - start;
    promise(took < maxMs, `${took} ms for ${message.length} characters`);
  }),
];

// The detail names a field and its rule, and becomes a header of a dead letter.
const maxDetail = 2048;
const traceparent = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

const readersOf = (contract: Contract<unknown>): Target => {
  const { card } = contract;
  return target(`contracts ${card.topic}`, recordOf(card.topic, card), (record) => {
    const read = contract.decode(record);
    const data = contract.dataOf(record);
    const entry = entryOf(contract, record, (value) => JSON.stringify(value));
    headerText(record, deadLetterHeaders.reason);
    replayedFrom(record);
    promise(read.ok === data.ok, 'decode and dataOf do not agree');
    promise(read.ok || entry.kind !== 'value', 'an unreadable record is an entry of a table');
    if (!read.ok) {
      promise(unreadableReasons.includes(read.reason), `no such reason: ${read.reason}`);
      promise(read.detail.length <= maxDetail, `a detail of ${read.detail.length} characters`);
      return;
    }
    promise(traceparent.test(nextTraceparent(read.event.traceparent)), 'a traceparent that nobody can read');
    const again = contract.decode(contract.encode('k', read.event, read.event.data));
    promise(again.ok, `what was read cannot be read again: ${again.ok || again.detail}`);
  });
};

const times = fc.oneof(
  fc.stringMatching(/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{0,12})?([Zz]|[+-]\d\d:\d\d)?$/),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(`2026-01-31T12:00:00.${'1'.repeat(600_000)}Z`, '2026-02-29T00:00:00Z', '2024-02-29T24:00:00Z'),
);

const contractTargets = (): Target[] => [
  ...cards.map((card) => readersOf(contractOf(card) as Contract<unknown>)),
  target('instants', times, (text) => {
    isMoment(text);
    if (!isInstant(text)) return;
    const year = new Date(text).getUTCFullYear();
    promise(text.length <= maxInstantLength && year >= 1999 && year <= 2201, `taken for an instant: ${text}`);
  }),
  target('traceparent', fc.tuple(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), hostileHeaders), ([text]) => {
    promise(traceparent.test(nextTraceparent(text)), 'a traceparent that nobody can read');
  }),
];

/** Returns the targets without a running service, which are fed in this process. */
export const decoders = (): Target[] => [
  ...contractTargets(),
  ...kafkaTargets(),
  ...deadLetterTargets(),
  ...handleTargets(),
  ...routingTargets(),
  ...deliveryTargets(),
  ...destinationTargets(),
  ...configTargets(),
  ...accessTargets(),
];
