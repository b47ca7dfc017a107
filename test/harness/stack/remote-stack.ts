import type { ServiceName } from '@pagebridge/local-stack';
import type { Env, Order, Started } from './stack-control.ts';

/**
 * A stack that another process runs, for a journey that stops, kills or freezes a part of it; `restore` undoes all of that.
 *
 * A service that the journey starts gets the variables of the journey.
 */
export class RemoteStack {
  readonly #controlUrl: string;
  readonly #env: Partial<Record<string, Env>>;
  #isTouched = false;

  constructor(controlUrl: string, env: Partial<Record<string, Env>>) {
    this.#controlUrl = controlUrl;
    this.#env = env;
  }

  /** Restarts the services for which the journey has variables. */
  async open(): Promise<void> {
    await Promise.all(Object.keys(this.#env).map((name) => this.start(name)));
  }

  /** Sends SIGTERM. Resolves once the process has ended. */
  stop = (name: string) => this.#order({ do: 'stop', name });
  /** Sends SIGKILL. Resolves once the process has ended. */
  crash = (name: string) => this.#order({ do: 'crash', name });
  signal = (name: string, signal: NodeJS.Signals) => this.#order({ do: 'signal', name, signal });
  /** Resolves once the process is ready, with its former port and data; `env` replaces the variables of the journey. */
  start = (name: string, env?: Env) => this.#order({ do: 'start', name, ...(env ? { env } : this.#envOf(name)) });
  /** Starts a further instance of a service, which takes part of its partitions. */
  startAnother = (name: ServiceName) => this.#order<Started>({ do: 'startAnother', name, ...this.#envOf(name) });

  /** Restores the state of the stack before the journey, and waits until everything is ready. */
  async restore(): Promise<void> {
    if (this.#isTouched) await this.#order({ do: 'restore' });
    this.#isTouched = false;
  }

  #envOf(name: string): { readonly env?: Env } {
    const env = this.#env[name];
    return env ? { env } : {};
  }

  async #order<Answer = void>(order: Order): Promise<Answer> {
    this.#isTouched = true;
    const answer = await fetch(this.#controlUrl, { method: 'POST', body: JSON.stringify(order) });
    if (!answer.ok) throw new Error(`${JSON.stringify(order)}: ${await answer.text()}`);
    return (await answer.json()) as Answer;
  }
}
