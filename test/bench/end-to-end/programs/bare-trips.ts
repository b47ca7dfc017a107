import { Alerts, PageOutcomes, PageStates } from '@pagebridge/contracts';
import { BatchConsumer, type ConsumedRecord, done, type OutgoingRecord, Publisher } from '@pagebridge/kafka';
import { type Dispatcher, Pool } from 'undici';
import { quiet } from '../../harness/quiet.ts';
import { Arrivals } from '../../page-path/arrivals.ts';

export interface BareInput {
  readonly brokers: string;
  /** Of the destinations. */
  readonly urls: readonly string[];
  /** Answers there once it reads. */
  readonly controlPort: number;
}

/*
 * The trips of a page and nothing else, over the same libraries: an alert is written to Kafka, posted as it is, and written
 * again with an outcome, with as many calls at once as page-delivery makes and as much in one write. Nothing is checked,
 * looked up, decided, made into JSON or kept.
 */
const callsAtOnce = 4;
const [, , text = ''] = process.argv;
const { brokers, urls, controlPort }: BareInput = JSON.parse(text);
const nothing = () => undefined;
const settings = {
  brokers: [brokers],
  clientId: 'bench-bare-trips',
  log: quiet,
};
const publisher = new Publisher(settings);
const headers = { 'content-type': 'application/json', 'dd-api-key': 'bench', 'dd-application-key': 'bench' };

let unwritten: { readonly records: readonly OutgoingRecord[]; readonly written: () => void }[] = [];
let isWriting = false;

function write(records: readonly OutgoingRecord[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  unwritten.push({ records, written: resolve });
  if (!isWriting) void writeAll();
  return promise;
}

async function writeAll(): Promise<void> {
  isWriting = true;
  await null;
  while (unwritten.length > 0) {
    const now = unwritten;
    unwritten = [];
    await publisher.publish(now.flatMap(({ records }) => records));
    for (const { written } of now) written();
  }
  isWriting = false;
}

/** Calls over one pool, first come, first served. */
class Destination {
  readonly #pool: Pool;
  readonly #waiting: ConsumedRecord[] = [];
  #running = 0;

  constructor(url: string) {
    this.#pool = new Pool(url);
  }

  add(record: ConsumedRecord): void {
    this.#waiting.push(record);
    this.#pump();
  }

  #pump(): void {
    while (this.#running < callsAtOnce) {
      const record = this.#waiting.shift();
      if (!record) return;
      this.#running += 1;
      void this.#page(record);
    }
  }

  async #page({ key, value, partition }: ConsumedRecord): Promise<void> {
    const to = { key: String(key), partition, headers: {} };
    await write([{ ...to, topic: PageStates.card.topic, value }]);
    const answer = await this.#post(String(value));
    this.#running -= 1;
    this.#pump();
    await write([
      { ...to, topic: PageStates.card.topic, value: answer },
      { ...to, topic: PageOutcomes.card.topic, value: answer },
    ]);
  }

  #post(body: string): Promise<Buffer> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    let answer: Buffer = Buffer.alloc(0);
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: nothing,
      onResponseStart: nothing,
      onResponseData: (_controller, chunk) => {
        answer = chunk;
      },
      onResponseEnd: () => resolve(answer),
      onResponseError: (_controller, error) => reject(error),
    };
    this.#pool.dispatch({ method: 'POST', path: '/api/v2/on-call/pages', headers, body }, handler);
    return promise;
  }
}

const destinations = urls.map((url) => new Destination(url));
let next = 0;
await publisher.start();
const consumer = new BatchConsumer(settings, {
  group: 'bare-trips',
  topics: [Alerts.card.topic],
  concurrency: Alerts.card.partitions,
  handlers: async ({ records }) => {
    for (const record of records) {
      destinations[next]?.add(record);
      next = (next + 1) % destinations.length;
    }
    return done;
  },
});
await consumer.start();
new Arrivals().serve(controlPort);
// A profile is written by a process that ends by itself.
process.once('SIGTERM', () => process.exit(0));
