/**
 * A question that many ask at once. Whoever asks while it is being answered shares the next answer with all others who do, so that
 * each answer is younger than the call of everybody who gets it.
 */
export class SharedQuestion<T> {
  private running: Promise<unknown> = Promise.resolve();
  private next: Promise<T> | undefined;

  constructor(private readonly answer: () => Promise<T>) {}

  ask(): Promise<T> {
    this.next ??= this.askAfter(this.running);
    return this.next;
  }

  private async askAfter(running: Promise<unknown>): Promise<T> {
    await running;
    const answer = this.answer();
    this.running = answer.catch(() => undefined);
    this.next = undefined;
    return answer;
  }
}
