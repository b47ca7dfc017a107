import { Alerts, PageCommands, PageStates } from '@pagebridge/contracts';
import { UsageError } from '@pagebridge/programs';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import { batchOf, candidatesIn } from '../../../apps/dead-letters/src/domain/batch.ts';
import { History } from '../../../apps/dead-letters/src/domain/history.ts';
import { type Letter, letterOf } from '../../../apps/dead-letters/src/domain/letter.ts';
import { plan } from '../../../apps/dead-letters/src/domain/plan.ts';
import { replayOf } from '../../../apps/dead-letters/src/domain/replay-record.ts';
import { argumentsOf } from '../../../apps/dead-letters/src/inbound/arguments.ts';
import { runsOf } from '../../chaos/options.ts';
import { fuzzOptionsOf } from '../options.ts';
import { recordOf } from '../records.ts';
import { promise, type Target, target } from '../target.ts';

const now = new Date('2026-06-01T12:00:00Z');

const letters = fc.array(
  fc.oneof(...[Alerts, PageCommands].map(({ card }) => recordOf(deadLetterTopicOf(card.topic), card))),
  { maxLength: 4 },
);
const past = fc.array(fc.oneof(...[Alerts, PageCommands, PageStates].map(({ card }) => recordOf(card.topic, card))), {
  maxLength: 4,
});
const batchContents = fc.record({
  records: fc.array(recordOf(Alerts.card.topic, Alerts.card), { maxLength: 3 }),
});

const words = [
  'list',
  'show',
  'replay',
  '--topic',
  'alerts',
  '--since',
  '4h',
  '--record-key',
  '--offset',
  '--rate',
  '--actor',
  '-h',
  '--',
];
const others = [
  '--seed',
  '--minutes',
  '--target',
  '--profile',
  '--max-batch-mib',
  '1e9',
  '-1',
  '--mutant',
  '__proto__',
];
const line = fc.array(fc.oneof(fc.constantFrom(...words, ...others), fc.string({ unit: 'binary' })), { maxLength: 6 });

export const deadLetterTargets = (): Target[] => [
  target('dead-letters', fc.record({ letters, past, contents: batchContents }), ({ letters, past, contents }) => {
    const read: Letter[] = letters.map((record) => letterOf(record, now));
    const opened = read.flatMap((letter) => {
      return batchOf(letter.reason, letter.record) ? candidatesIn(letter, contents, () => true) : [letter];
    });
    const history = new History(opened, read, now);
    for (const record of past) history.take(record);
    const planned = plan(opened, read, history, { reopenAfterMs: 3_600_000, pageAnew: false }, now);
    promise(planned.length === opened.length, `${planned.length} verdicts on ${opened.length} letters`);
    for (const { letter, decision } of planned) {
      if (decision.kind === 'replay' && 'record' in letter) replayOf(letter, letter.record, { now, pageAnew: true });
    }
  }),
  target('command lines', line, (args) => {
    for (const read of [(line: string[]) => argumentsOf(line, now), runsOf, fuzzOptionsOf]) {
      try {
        read(args);
      } catch (error) {
        promise(error instanceof UsageError, `not refused as a usage error: ${(error as Error).stack}`);
      }
    }
  }),
];
