import type { plannedAsJson, Refused } from '@pagebridge/dead-letters';
import { say, sayError, UsageError } from '@pagebridge/process';
import { exitCodes } from '../exit-codes.ts';
import type { Ask } from '../output/ask.ts';
import { printList } from '../output/items.ts';
import { jsonOf } from '../output/output.ts';

/** What a replay does with a dead letter, as people and programs read it. */
export type Row = Pick<ReturnType<typeof plannedAsJson>, 'name' | 'key' | 'reason' | 'failedAt' | 'verdict' | 'why'> & {
  readonly becomes?: string;
};

/** What was not sent although it was to be. */
export interface Unsent {
  readonly refused: readonly Pick<Refused, 'name' | 'detail'>[];
  readonly lost: readonly string[];
}

/** How the chosen letters are previewed, and then sent. */
export interface Way {
  /** In words, for the question. */
  readonly where: string;
  preview(): Promise<readonly Row[]>;
  /** Gives `onSent` the number of those that are known to be sent, now and then. */
  send(onSent: (count: number) => void): Promise<Unsent>;
}

export interface ReplayOptions {
  readonly dryRun?: boolean;
  readonly yes?: true;
  readonly output: 'table' | 'json';
}

const look = { columns: 'what deadLetter key parkedFor parkedAt why', names: ['deadLetter'] };
const rowOf = ({ verdict, name, reason, failedAt, ...its }: Row): object => ({
  ...{ ...its, what: verdict, deadLetter: name, parkedFor: reason, parkedAt: failedAt },
});

/** Previews a replay, and sends it once it is confirmed. `its`: what JSON says of it first. Rejects with UsageError if nobody can be asked. */
export async function replay(
  { dryRun = false, yes, output }: ReplayOptions,
  way: Way,
  ask: Ask | undefined,
  its: object,
): Promise<number> {
  if (!dryRun && !yes && !ask)
    throw new UsageError(
      'confirmation required, but there is no terminal\nhint: use --dry-run for the preview, or --yes to send',
    );
  const letters = await way.preview();
  const counts = tally(letters.map(({ verdict }) => verdict));
  const effects = tally(letters.flatMap(({ becomes }) => becomes ?? []));
  if (output === 'table') printList(letters, look, output, rowOf);
  const toSend = counts.replay ?? 0;
  const becomes = toSend > 0 ? ` (${describe(effects)})` : '';
  const question = `${letters.length} dead ${letters.length === 1 ? 'letter' : 'letters'}: ${describe(counts)}${becomes}`;
  const sends =
    !dryRun && toSend > 0 && (yes || ((await ask?.(`${question}. Send ${toSend} to ${way.where}?`)) ?? false));
  say(sends ? `${question}. Sending to ${way.where}.` : `${question}. Nothing sent.`);
  let sent = 0;
  let unsent: Unsent = { refused: [], lost: [] };
  try {
    if (sends) {
      unsent = await way.send((count) => {
        sent = count;
        if (count > 0) say(`${count} of ${toSend} sent`);
      });
    }
  } catch (error) {
    say(`Stopped: ${sent} of ${toSend} sent. Run the command again to send the rest.`);
    throw error;
  }
  const { refused, lost } = unsent;
  for (const { name, detail } of refused) sayError(`${name} not sent: Kafka rejected it permanently: ${detail}`);
  for (const name of lost) sayError(`${name} not sent: it was not found again`);
  if (output === 'json') {
    const run = { ...its, dryRun, counts, becomes: effects, sent, refused, lost, letters };
    process.stdout.write(`${jsonOf(run, 2)}\n`);
  }
  return refused.length + lost.length > 0 ? exitCodes.failed : exitCodes.done;
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

const describe = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ') || 'none';
