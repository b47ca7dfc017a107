import type { ConsumedRecord } from '@pagebridge/kafka';
import { painter } from '../progress.ts';

/** One event of the story, with its place and its content. */
export interface Hop {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly who: string;
  readonly where: string;
  readonly what: string;
}

export interface StepResult {
  readonly title: string;
  /** A short summary of the step. */
  readonly shown: string;
  readonly tookMs: number;
}

/** Returns the place of a record as `page-commands 3@17`: topic, partition, offset. */
export const placeOf = ({ topic, partition, offset }: ConsumedRecord): string => `${topic} ${partition}@${offset}`;

/** Prints the story: each hop with its milliseconds since the start of its step, then a table of all steps. */
export class Timeline {
  readonly #out: NodeJS.WriteStream;
  readonly #paint: ReturnType<typeof painter>;
  readonly #results: StepResult[] = [];
  #title = '';
  #startedAt = 0;
  #lastAt = 0;

  constructor(out: NodeJS.WriteStream = process.stdout) {
    this.#out = out;
    this.#paint = painter(out);
  }

  begin(title: string): void {
    this.#title = title;
    this.#startedAt = this.#lastAt = Date.now();
    this.#line('');
    this.#line(this.#paint('bold', `${this.#results.length + 1}. ${title}`));
  }

  /** Prints the hop of a record, timed by the timestamp that its producer wrote. */
  record(who: string, record: ConsumedRecord, what: string): void {
    this.hop({ at: record.timestamp, who, where: placeOf(record), what });
  }

  hop({ at, who, where, what }: Hop): void {
    this.#lastAt = Math.max(this.#lastAt, at);
    const ms = `${Math.max(0, Math.round(at - this.#startedAt))}`.padStart(6);
    const columns = `${who.padEnd(22)} ${where.padEnd(42)}`;
    this.#line(`  ${this.#paint('cyan', `${ms} ms`)}  ${this.#paint('dim', columns)} ${what}`);
  }

  /** Prints a sentence about the hop above it. */
  note(text: string): void {
    this.#line(`${' '.repeat(13)}${this.#paint('dim', `“${text}”`)}`);
  }

  /** Prints a line that a program has printed. */
  said(line: string): void {
    this.#lastAt = Date.now();
    this.#line(`  ${this.#paint('dim', '│')} ${line}`);
  }

  /** Prints hops that became known together, in the order in which they happened, each once. */
  hops(hops: readonly Hop[]): void {
    const printed = new Set<string>();
    for (const hop of hops.toSorted((a, b) => a.at - b.at)) {
      const text = `${hop.who} ${hop.where} ${hop.what}`;
      if (!printed.has(text)) this.hop(hop);
      printed.add(text);
    }
  }

  end(shown: string): void {
    this.#results.push({ title: this.#title, shown, tookMs: Math.max(0, this.#lastAt - this.#startedAt) });
  }

  summary(): void {
    const width = Math.max(...this.#results.map(({ title }) => title.length));
    this.#line('');
    for (const [index, { title, shown, tookMs }] of this.#results.entries()) {
      const number = `${index + 1}`.padStart(3);
      const ms = `${Math.round(tookMs)} ms`.padStart(9);
      this.#line(`${this.#paint('green', '✓')}${number}  ${title.padEnd(width)}  ${ms}  ${shown}`);
    }
  }

  /** Prints the failed expectation. */
  failed(message: string): void {
    this.#line(this.#paint('red', `✗ ${this.#title}: ${message}`));
  }

  #line(text: string): void {
    this.#out.write(`${text}\n`);
  }
}
