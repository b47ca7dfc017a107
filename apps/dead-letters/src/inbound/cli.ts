import { UsageError } from '@pagebridge/programs';
import type { DeadLetters } from '../application/dead-letters.ts';
import type { Refused } from '../application/ports.ts';
import type { Arguments } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import { letterAsJson, plannedAsJson, renderGroups, renderLetters, renderPlan } from './render.ts';
import type { Screen } from './table.ts';

/** Where a command writes data and messages, and how it asks for confirmation. */
export interface Console {
  readonly data: Screen;
  readonly say: (message: string) => void;
  /** Undefined without a terminal. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
}

/** Runs one command; resolves to its exit code. */
export function runCommand(given: Arguments, letters: DeadLetters, console: Console): Promise<number> {
  const run = { list, show, replay }[given.command];
  return run(given, letters, console);
}

async function list({ topics, selection, json }: Arguments, letters: DeadLetters, { data, say }: Console) {
  const groups = await letters.count(topics, selection);
  if (json) writeJson(data, groups);
  else if (groups.length === 0) say('no dead letters');
  else renderGroups(data, groups);
  return exitCodes.done;
}

async function show({ topics, selection, json, limit }: Arguments, letters: DeadLetters, { data, say }: Console) {
  const { letters: shown, found } = await letters.find(topics, selection, limit);
  if (json) writeJson(data, shown.map(letterAsJson));
  else renderLetters(data, shown);
  if (found === 0) say('no such dead letter');
  if (found > shown.length) say(`${found - shown.length} more; see --limit`);
  return found === 0 ? exitCodes.notFound : exitCodes.done;
}

async function replay(given: Arguments, letters: DeadLetters, console: Console) {
  const { topics, selection, json, dryRun, yes } = given;
  const { data, say } = console;
  const [topic = ''] = topics;
  if (!dryRun && !yes && !console.confirm) {
    throw new UsageError('there is no terminal for the confirmation: give --dry-run for the preview, --yes to send');
  }
  const planned = await letters.preview(topic, selection, given);
  const counts = tally(planned.map(({ decision }) => (decision.kind === 'replay' ? 'replay' : decision.reason)));
  const effects = tally(planned.flatMap(({ decision }) => (decision.kind === 'replay' ? [decision.effect.kind] : [])));
  if (!json) renderPlan(data, planned);
  const toSend = counts.replay ?? 0;
  const question = `${planned.length} dead ${planned.length === 1 ? 'letter' : 'letters'}: ${describe(counts)}${toSend > 0 ? ` (${describe(effects)})` : ''}`;
  const sends = !dryRun && toSend > 0 && (yes || ((await console.confirm?.(`${question}. Send ${toSend}?`)) ?? false));
  say(sends ? `${question}; sending` : `${question}; nothing sent`);
  let sent = 0;
  const onSent = (count: number) => {
    sent = count;
    say(`${count} of ${toSend} sent`);
  };
  let refused: readonly Refused[] = [];
  try {
    if (sends) refused = await letters.replay(planned, given, onSent);
  } catch (error) {
    say(`stopped: ${sent} of ${toSend} are known to be sent; run the command again to send the rest`);
    throw error;
  }
  for (const { name, detail } of refused) say(`${name} is refused by Kafka permanently and was not sent: ${detail}`);
  if (json) {
    const letters = planned.map(plannedAsJson);
    writeJson(data, { topic, dryRun, counts, becomes: effects, sent: sent - refused.length, refused, letters });
  }
  return refused.length > 0 ? exitCodes.failed : exitCodes.done;
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

const writeJson = (data: Screen, value: unknown): void => data.write(`${JSON.stringify(value, null, 2)}\n`);
