import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Bus, type Planned, preview, type Sender, send, TooManyLetters } from '@pagebridge/dead-letters';
import { KafkaError } from '@pagebridge/kafka';
import { CONFIG, Problem, systemClock } from '@pagebridge/service';
import { alertKeyIn, deadLetterTopicOf, placeOf } from '@pagebridge/vocabulary';
import type { PageHistoryConfig } from '../../config.ts';
import { problems } from '../../problems.ts';
import { ChosenLetters, leftToCommand } from './chosen-letters.ts';
import { ReplayBus } from './replay-bus.ts';
import type { ChosenLetter, LetterVerdict } from './replays.dto.ts';
import { verdictsOf } from './verdicts.ts';

// The gateway of the console gives up on an answer after 30 s.
const maxMs = 25_000;
const retryAfterMs = 10_000;
// Some 1 KB each.
const maxOthers = 50_000;
const rate = 100;
const dead = deadLetterTopicOf('');

/** How far a run has come; `sent` is undefined as long as nothing can have been sent. */
interface Run {
  readonly letters: readonly ChosenLetter[];
  sent: number | undefined;
}

/** Previews and sends dead letters again, one request at a time: each reads whole topics. */
@Injectable()
export class Replays implements OnApplicationShutdown {
  private running: { readonly end: () => void; readonly over: Promise<unknown> } | undefined;
  private readonly reopenAfterMs: number;

  constructor(
    private readonly chosen: ChosenLetters,
    private readonly bus: ReplayBus,
    @Inject(CONFIG) config: PageHistoryConfig,
  ) {
    this.reopenAfterMs = config.PAGE_REOPEN_AFTER_MINUTES * 60_000;
  }

  /** Says what a replay of these letters does now; sends nothing. Rejects with Problem. */
  preview(org: string, letters: readonly ChosenLetter[]): Promise<LetterVerdict[]> {
    return this.alone({ letters, sent: undefined }, async (bus) =>
      verdictsOf(letters, await this.planned(org, letters, bus)),
    );
  }

  /** Writes who sends to the audit, then sends those of the letters that a preview would send now. Rejects with Problem. */
  replay(org: string, letters: readonly ChosenLetter[], by: Sender): Promise<LetterVerdict[]> {
    const run: Run = { letters, sent: undefined };
    return this.alone(run, async (bus) => {
      const planned = await this.planned(org, letters, bus);
      if (!planned.some(({ decision }) => decision.kind === 'replay')) return verdictsOf(letters, planned);
      const options = { rate, by, forceNewPage: false, maxBatchBytes: undefined };
      const { refused } = await send(planned, options, { bus, clock: systemClock }, (sent) => {
        run.sent = sent;
      });
      return verdictsOf(letters, planned, refused);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.running?.end();
    await this.running?.over;
  }

  private async planned(org: string, letters: readonly ChosenLetter[], bus: Bus): Promise<Planned[]> {
    await this.chosen.require(org, letters);
    const options = { forceNewPage: false, reopenAfterMs: this.reopenAfterMs, maxBatchBytes: undefined, maxOthers };
    const planned: Planned[] = [];
    for (const [topic, its] of Map.groupBy(letters, (letter) => letter.topic)) {
      const names = new Set(its.map(placeOf));
      const all = await preview(bus, topic.slice(0, -dead.length), { names }, options, new Date());
      // After Kafka was made anew, another record may have the place of one that is stored.
      planned.push(...all.filter(({ letter }) => names.has(letter.name) && isOf(org, letter)));
    }
    return planned;
  }

  private async alone<T>(run: Run, work: (bus: Bus) => Promise<T>): Promise<T> {
    const bus = this.bus.open();
    if (!bus) throw off(run.letters);
    if (this.running) {
      const detail =
        'Another preview or replay is running on this instance. Nothing was sent. Retry when it has ended.';
      throw new Problem({ ...problems['replay-busy'], detail }, { retriable: true, retryAfterMs });
    }
    const { promise: ended, reject } = Promise.withResolvers<never>();
    const end = () => {
      void bus.close();
      reject(late(run));
    };
    const timer = setTimeout(end, maxMs);
    // What was cut off may still be writing: nobody else begins before it is over.
    const working = work(bus).finally(async () => {
      clearTimeout(timer);
      await bus.close().finally(() => {
        this.running = undefined;
      });
    });
    this.running = { end, over: Promise.allSettled([working]) };
    try {
      return await Promise.race([working, ended]);
    } catch (error) {
      throw problemOf(error, run);
    }
  }
}

const isOf = (org: string, { meaning }: Planned['letter']): boolean =>
  !meaning.ok || alertKeyIn(org, meaning.value.identity) !== undefined;

const off = (letters: readonly ChosenLetter[]): Problem =>
  leftToCommand(
    problems['replay-off'],
    'Replays are disabled in page-history. Ask an operator to set DEAD_LETTER_REPLAY=on.',
    letters,
  );

function late(run: Run): Problem {
  if (run.sent !== undefined) return unfinished(run);
  const why = `Kafka could not be read within ${maxMs / 1000} s, or page-history is stopping. Nothing was sent.`;
  return leftToCommand(problems['replay-late'], why, run.letters);
}

function unfinished({ sent = 0 }: Run): Problem {
  const detail = `${sent} dead letters were sent; some of the others may have been sent. Retry: only unsent dead letters are sent.`;
  return new Problem({ ...problems['replay-unfinished'], detail }, { retriable: true, retryAfterMs });
}

function problemOf(error: unknown, run: Run): unknown {
  if (error instanceof TooManyLetters) {
    return leftToCommand(problems['dead-letters-too-large'], `Nothing was sent: ${error.message}.`, run.letters);
  }
  if (!(error instanceof KafkaError)) return error;
  if (run.sent !== undefined) return unfinished(run);
  const problem = new Problem(
    { ...problems['kafka-unavailable'], detail: `Nothing was sent: ${error.message}.` },
    { retriable: true, retryAfterMs },
  );
  problem.cause = error;
  return problem;
}
