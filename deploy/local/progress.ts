import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Returns a function that colours text on a terminal, unless NO_COLOR is set. */
export const painter = (stream: NodeJS.WriteStream) => {
  const colours = stream.isTTY === true && !process.env.NO_COLOR;
  return (style: Style, text: string) => (colours ? styleText(style, text, { validateStream: false }) : text);
};

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/**
 * Shows the progress on stderr: one line a step, rewritten on a terminal while the step runs.
 *
 * Without a terminal nothing is rewritten: a long step is reported every ten seconds.
 */
export class Progress {
  readonly #out: NodeJS.WriteStream;
  readonly #paint: ReturnType<typeof painter>;
  readonly #running = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #ticks = 0;

  constructor(out: NodeJS.WriteStream = process.stderr) {
    this.#out = out;
    this.#paint = painter(out);
  }

  /** Shows a step while its work runs; several steps may run at once. */
  async step<T>(title: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    this.#begin(title, start);
    try {
      const result = await work();
      this.#end(title, `${this.#paint('green', '✓')} ${title.padEnd(44)} ${seconds(performance.now() - start)}`);
      return result;
    } catch (error) {
      this.#end(title, `${this.#paint('red', '✗')} ${title}`);
      throw error;
    }
  }

  say(line: string): void {
    this.#clear();
    this.#out.write(`${line}\n`);
  }

  #begin(title: string, start: number): void {
    this.#running.set(title, start);
    this.#timer ??= setInterval(() => this.#tick(), 100).unref();
  }

  #end(title: string, line: string): void {
    this.#running.delete(title);
    if (this.#running.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    this.say(line);
  }

  #tick(): void {
    this.#ticks += 1;
    const running = [...this.#running].map(([title, start]) => `${title} ${seconds(performance.now() - start)}`);
    if (this.#out.isTTY) {
      const spinner = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'[this.#ticks % 10];
      const line = `${spinner} ${running.join(' · ')}`;
      this.#out.write(`\r\u001b[K${line.slice(0, (this.#out.columns ?? 80) - 1)}`);
    } else if (this.#ticks % 100 === 0) {
      this.say(`… ${running.join(', ')}`);
    }
  }

  #clear(): void {
    if (this.#out.isTTY) this.#out.write('\r\u001b[K');
  }
}
