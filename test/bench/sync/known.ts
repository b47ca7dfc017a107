import { ConnectionReports, Directories, Handles } from '@pagebridge/contracts';
import { type ConsumedRecord, TableView } from '@pagebridge/kafka';
import { waitFor } from '@pagebridge/testing';
import { type KafkaAccess, settingsOf } from '../../harness/kafka-access.ts';
import { nowMs } from '../page-path/alerts.ts';

/** The published results of handle-sync, as page-routing and connection-management read them. */
export class Known {
  readonly #view: TableView;
  readonly #complete = new Map<string, number>();
  readonly #waiting = new Map<string, (atMs: number) => void>();
  #handles = 0;
  #reports = 0;

  static async of(kafka: KafkaAccess): Promise<Known> {
    const known = new Known(kafka);
    await known.#view.start();
    return known;
  }

  private constructor(kafka: KafkaAccess) {
    const topics = [Handles, Directories, ConnectionReports].map(({ card }) => card.topic);
    this.#view = new TableView(settingsOf(kafka, 'bench-watch'), { topics, onRecord: (record) => this.#saw(record) });
  }

  /** The number of records on the topic of handles, including tombstones. */
  get handles(): number {
    return this.#handles;
  }

  get reports(): number {
    return this.#reports;
  }

  /** Waits until this number of directories is complete; returns the time of each, in order. */
  async untilComplete(count: number, withinMs: number): Promise<readonly number[]> {
    await waitFor(`${count} complete directories`, () => this.#complete.size >= count, {
      ...{ withinMs, everyMs: 50, lastSeen: () => `${this.#complete.size} complete, ${this.#handles} handles` },
    });
    return [...this.#complete.values()].toSorted((a, b) => a - b);
  }

  /** Returns when the team is published with this handle and on call; undefined after `withinMs`. */
  async until(directory: string, teamHandle: string, withinMs: number): Promise<number | undefined> {
    const key = `${directory} ${teamHandle}`;
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    this.#waiting.set(key, resolve);
    const timer = setTimeout(() => resolve(undefined), withinMs);
    const atMs = await promise;
    clearTimeout(timer);
    this.#waiting.delete(key);
    return atMs;
  }

  close = (): Promise<void> => this.#view.stop();

  #saw(record: ConsumedRecord): void {
    if (record.topic === Handles.card.topic) this.#sawHandle(record);
    else if (record.topic === Directories.card.topic) this.#sawDirectory(record);
    else this.#reports += 1;
  }

  #sawHandle(record: ConsumedRecord): void {
    this.#handles += 1;
    const read = Handles.dataOf(record);
    if (read.ok && read.data.onCall) this.#waiting.get(`${read.data.directory} ${read.data.teamHandle}`)?.(nowMs());
  }

  #sawDirectory(record: ConsumedRecord): void {
    const read = Directories.dataOf(record);
    if (!read.ok) return;
    const { directory, completeAt, unread } = read.data;
    if (completeAt !== undefined && unread === 0 && !this.#complete.has(directory))
      this.#complete.set(directory, nowMs());
  }
}
