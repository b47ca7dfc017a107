import { Alerts, PageCommands, PageStates } from '@pagebridge/contracts';
import { UsageError } from '@pagebridge/process';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import { deadLettersCommand } from '../../../apps/cli/src/dead-letters/dead-letters.command.ts';
import { program } from '../../../apps/cli/src/program.ts';
import { batchOf, candidatesIn } from '../../../libs/dead-letters/src/letters/batch.ts';
import { type Letter, letterOf } from '../../../libs/dead-letters/src/letters/letter.ts';
import { History } from '../../../libs/dead-letters/src/plan/history.ts';
import { plan } from '../../../libs/dead-letters/src/plan/plan.ts';
import { replayOf } from '../../../libs/dead-letters/src/plan/replay-record.ts';
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
  '--dry-run',
  '--yes',
  '--topic',
  'alerts',
  '--since',
  '4h',
  '--record-key',
  '--offset',
  '--rate',
  '--actor',
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

/** Where each command line that makes sense ends. */
const nowhere = (): never => {
  throw new UsageError('nothing is read');
};

export const deadLetterTargets = (): Target[] => [
  target('dead-letters', fc.record({ letters, past, contents: batchContents }), ({ letters, past, contents }) => {
    const read: Letter[] = letters.map((record) => letterOf(record, now));
    const opened = read.flatMap((letter) => {
      return batchOf(letter.reason, letter.record) ? candidatesIn(letter, contents, () => true) : [letter];
    });
    const history = new History(opened, read, now);
    for (const record of past) history.read(record);
    const planned = plan(opened, read, history, { reopenAfterMs: 3_600_000, forceNewPage: false }, now);
    promise(planned.length === opened.length, `${planned.length} verdicts on ${opened.length} letters`);
    for (const { letter, decision } of planned) {
      if (decision.kind === 'replay' && 'record' in letter)
        replayOf(letter, letter.record, { now, forceNewPage: true });
    }
  }),
  target('command lines', line, async (args) => {
    const commands = ['ls', 'show', 'preview', 'replay'].map(
      (command) => (line: string[]) =>
        program(['dead-letters', command, '--kafka', ...line], [(end) => deadLettersCommand(end, nowhere)]),
    );
    for (const read of [...commands, runsOf, fuzzOptionsOf]) {
      try {
        await read(args);
      } catch (error) {
        promise(error instanceof UsageError, `not refused as a usage error: ${(error as Error).stack}`);
      }
    }
  }),
];
