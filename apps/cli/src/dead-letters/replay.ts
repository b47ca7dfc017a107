import { noSourceOrg, PageCommands } from '@pagebridge/contracts';
import {
  isoOf,
  type Planned,
  plannedAsJson,
  preview,
  type Refused,
  send,
  whatOf,
  whyOf,
} from '@pagebridge/dead-letters';
import { say, UsageError } from '@pagebridge/programs';
import { exitCodes } from '../exit-codes.ts';
import { jsonOf, printItems } from '../output/output.ts';
import type { At, Chosen } from './world.ts';

export interface ReplayOptions extends Chosen {
  readonly dryRun?: true;
  readonly yes?: true;
  readonly actor?: string;
  readonly forceNewPage?: true;
  readonly maxBatchMib?: number;
  readonly rate: number;
  readonly output: 'table' | 'json';
}

const shape = {
  columns: [
    { title: 'WHAT', of: ({ decision }: Planned) => whatOf(decision) },
    { title: 'DEAD LETTER', of: ({ letter }: Planned) => letter.name },
    { title: 'KEY', of: ({ letter }: Planned) => letter.key },
    { title: 'PARKED FOR', of: ({ letter }: Planned) => letter.reason },
    { title: 'PARKED AT', of: ({ letter }: Planned) => isoOf(letter.failedAt) },
    { title: 'WHY', of: ({ decision }: Planned) => whyOf(decision) },
  ],
  nameOf: ({ letter }: Planned) => letter.name,
};

/** Previews a replay, and sends it once it is confirmed. */
export async function replay(options: ReplayOptions, at: At): Promise<number> {
  const { topics, dryRun = false, yes, actor = '', output, rate, maxBatchMib, forceNewPage = false } = options;
  const [topic = '', ...others] = topics;
  if (others.length > 0) throw new UsageError(`replay needs --topic: ${topics.join(' or ')}`);
  if (forceNewPage && topic !== PageCommands.card.topic)
    throw new UsageError(
      '--force-new-page is for page commands: page-routing gives an alert the same page ids as before',
    );
  if (!dryRun && !actor) throw new UsageError('replay needs --actor <name> for the audit; --dry-run does not');
  if (!dryRun && !yes && !at.ask)
    throw new UsageError('there is no terminal for the confirmation: give --dry-run for the preview, --yes to send');
  const maxBatchBytes = maxBatchMib && maxBatchMib * 1024 * 1024;
  const previewed = { forceNewPage, maxBatchBytes, reopenAfterMs: at.reopenAfterMs };
  const planned = await preview(at.bus, topic, options, previewed, at.clock.now());
  const counts = tally(planned.map(({ decision }) => whatOf(decision)));
  const effects = tally(planned.flatMap(({ decision }) => (decision.kind === 'replay' ? [decision.effect.kind] : [])));
  if (output === 'table') printItems(planned, shape, output);
  const toSend = counts.replay ?? 0;
  const becomes = toSend > 0 ? ` (${describe(effects)})` : '';
  const question = `${planned.length} dead ${planned.length === 1 ? 'letter' : 'letters'}: ${describe(counts)}${becomes}`;
  const sends =
    !dryRun && toSend > 0 && (yes || ((await at.ask?.(`${question}. Send ${toSend} to ${at.where}?`)) ?? false));
  say(sends ? `${question}; sending` : `${question}; nothing sent`);
  let sent = 0;
  let refused: readonly Refused[] = [];
  let lost: readonly string[] = [];
  const onSent = (count: number): void => {
    sent = count;
    if (count > 0) say(`${count} of ${toSend} sent`);
  };
  try {
    if (sends)
      ({ refused, lost } = await send(planned, { rate, by: senderOf(actor), forceNewPage, maxBatchBytes }, at, onSent));
  } catch (error) {
    say(`stopped: ${sent} of ${toSend} are known to be sent; run the command again to send the rest`);
    throw error;
  }
  for (const { name, detail } of refused) say(`${name} is refused by Kafka permanently and was not sent: ${detail}`);
  for (const name of lost) say(`${name} was not found again and was not sent`);
  if (output === 'json') {
    const letters = planned.map(plannedAsJson);
    const run = { topic, dryRun, counts, becomes: effects, sent, refused, lost, letters };
    process.stdout.write(`${jsonOf(run, 2)}\n`);
  }
  return refused.length + lost.length > 0 ? exitCodes.failed : exitCodes.done;
}

/** Anyone who can write to Kafka can replay, so the audit has no authenticated identity. */
const senderOf = (actor: string) => ({
  ...{ service: 'dead-letters', sourceOrg: noSourceOrg },
  ...{ actor: 'urn:pagebridge#dead-letters', onBehalfOf: actor },
});

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

const describe = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ') || 'none';
