import { Injectable } from '@nestjs/common';

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
}
