import type { ServiceName } from '@pagebridge/local-stack';
import type { Env, Order, Started } from './stack-control.ts';

/**
 * A stack that another process runs, for a journey that stops, kills or freezes something: `restore` puts all back.
 *
 * A service that the journey starts has the variables which the journey wants it to have.
 */
export class RemoteStack {
  readonly #controlUrl: string;
  readonly #env: Partial<Record<string, Env>>;
  #isTouched = false;

  constructor(controlUrl: string, env: Partial<Record<ServiceName, Env>>) {
    this.#controlUrl = controlUrl;
    this.#env = env;
  }

  /** Starts the services anew that the journey wants with variables of its own. */
  async open(): Promise<void> {
    await Promise.all(Object.keys(this.#env).map((name) => this.start(name)));
  }

  /** SIGTERM. Resolves once it has ended. */
  stop = (name: string) => this.#order({ do: 'stop', name });
  /** SIGKILL. Resolves once it has ended. */
  crash = (name: string) => this.#order({ do: 'crash', name });
  signal = (name: string, signal: NodeJS.Signals) => this.#order({ do: 'signal', name, signal });
  /** Resolves once it is ready, on the port and the data that it had. */
  start = (name: string) => this.#order({ do: 'start', name, ...this.#envOf(name) });
  /** One more instance of a service, which shares its work with those that run. */
  startAnother = (name: ServiceName) => this.#order<Started>({ do: 'startAnother', name, ...this.#envOf(name) });

  /** Everything runs and is ready again as it was before the journey. */
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
