import { setTimeout as sleep } from 'node:timers/promises';
import type { OutgoingRecord } from '@pagebridge/kafka';

const patienceMs = 90_000;
const betweenMs = 500;
/** Longer than a request is held. */
const answerWithinMs = 12_000;

/** Sends alerts over HTTP as alerting systems do: those of an alert in order, to any instance, again until one has taken them. */
export class IntakeClient {
  readonly #urls: readonly string[];
  readonly #tokens: ReadonlyMap<string, string>;
  readonly #last = new Map<string, Promise<void>>();
  #count = 0;

  /** `tokens`: by source org. */
  constructor(urls: readonly string[], tokens: ReadonlyMap<string, string>) {
    this.#urls = urls;
    this.#tokens = tokens;
  }

  /** Resolves once an instance has answered that Kafka has it; rejects if none does in time. */
  async send(sourceOrg: string, { key, value }: OutgoingRecord): Promise<void> {
    const name = String(key);
    const before = this.#last.get(name)?.catch(() => undefined) ?? Promise.resolve();
    const sent = before.then(() => this.#untilTaken(sourceOrg, String(value)));
    this.#last.set(name, sent);
    await sent;
  }

  async #untilTaken(sourceOrg: string, event: string): Promise<void> {
    const deadline = performance.now() + patienceMs;
    while (performance.now() < deadline) {
      this.#count += 1;
      const url = this.#urls[this.#count % this.#urls.length];
      // No answer: the instance is down or frozen.
      const status = await this.#post(`${url}/v1/intake/cloudevents`, sourceOrg, event).catch(() => 503);
      if (status === 202) return;
      if (status !== 503 && status !== 429) throw new Error(`alert-intake answers ${status} to ${event}`);
      await sleep(betweenMs);
    }
    throw new Error(`no instance of alert-intake took ${event}`);
  }

  async #post(url: string, sourceOrg: string, body: string): Promise<number> {
    const authorization = `Bearer ${this.#tokens.get(sourceOrg)}`;
    const headers = { authorization, 'content-type': 'application/cloudevents+json' };
    const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(answerWithinMs) });
    await response.arrayBuffer();
    return response.status;
  }
}
