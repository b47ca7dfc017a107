import { Injectable } from '@nestjs/common';
import { Problem } from './http/problem.ts';

interface Step {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/**
 * What must be done before the first record is consumed, in the order of registration: reading tables, connecting.
 *
 * The process already answers its probes meanwhile, as not ready.
 */
@Injectable()
export class Startup {
  private readonly steps: Step[] = [];
  private state = 'not started';

  /** Called in constructors. A step that rejects ends the process with its message. */
  before(name: string, run: () => Promise<void>): void {
    this.steps.push({ name, run });
  }

  async run(): Promise<void> {
    for (const step of this.steps) {
      this.state = step.name;
      await step.run();
    }
    this.state = 'done';
  }

  status(): { ok: boolean; detail: string } {
    return { ok: this.state === 'done', detail: this.state };
  }

  /** Throws a 503 problem until all is done: an answer from half of what is to be read would mislead. */
  requireDone(): void {
    if (this.state === 'done') return;
    throw new Problem({
      status: 503,
      code: 'not-ready',
      title: 'Not ready',
      detail: `What this answers from is still being read from Kafka (${this.state}); ask again in a moment.`,
    });
  }
}
