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
import { deadLetterHeaders } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import { isInstant, isMoment, maxInstantLength } from '../../../libs/contracts/src/schema/instant.ts';
import { hostileHeaders, recordOf } from '../records.ts';
import { promise, type Target, target } from '../target.ts';

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

export const contractTargets = (): Target[] => [
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
