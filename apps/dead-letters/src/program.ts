import { createInterface } from 'node:readline/promises';
import { KafkaError, namedKafka, programLog } from '@pagebridge/kafka';
import { orUsage } from '@pagebridge/programs';
import { useProxy } from '@pagebridge/proxy';
import { DeadLetters } from './application/dead-letters.ts';
import { argumentsOf } from './inbound/arguments.ts';
import { type Console, runCommand } from './inbound/cli.ts';
import { exitCodes } from './inbound/exit-codes.ts';
import { help } from './inbound/help.ts';
import { KafkaBus } from './outbound/kafka-bus.ts';
import { systemClock } from './outbound/system-clock.ts';

const say = (message: string): void => void process.stderr.write(`${message}\n`);
const log = programLog(say);

/** Runs the program; resolves to its exit code. Rejects with the reason if that is another than an outage. */
export async function program(line: readonly string[]): Promise<number> {
  try {
    const given = argumentsOf(line, systemClock.now(), process.env.PAGEBRIDGE_ACTOR);
    if (!given) {
      process.stdout.write(help);
      return exitCodes.done;
    }
    orUsage(useProxy);
    const kafka = orUsage(() => namedKafka('dead-letters', given.brokers, process.env));
    const { KAFKA_MAX_BATCH_MIB, PAGE_REOPEN_AFTER_MINUTES } = process.env;
    const bus = new KafkaBus({
      ...kafka,
      log,
      maxDecompressedBytes: configured(KAFKA_MAX_BATCH_MIB, 64) * 1024 * 1024,
    });
    const letters = new DeadLetters(bus, systemClock, configured(PAGE_REOPEN_AFTER_MINUTES, 60) * 60_000);
    try {
      return await runCommand(given, letters, terminal());
    } finally {
      await bus.close();
    }
  } catch (error) {
    if (!(error instanceof KafkaError && error.retriable)) throw error;
    say(error.message);
    return exitCodes.unavailable;
  }
}

/** Reads a setting of the services from the environment, so that reads and predictions match theirs. */
const configured = (text: string | undefined, otherwise: number): number =>
  text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : otherwise;

function terminal(): Console {
  const isTerminal = process.stdout.isTTY === true;
  const data = {
    write: (text: string) => void process.stdout.write(text),
    isTerminal,
    colors: isTerminal && !process.env.NO_COLOR,
  };
  return { data, say, confirm: process.stdin.isTTY === true ? ask : undefined };
}

async function ask(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
