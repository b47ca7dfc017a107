import { type Connection, Connections, entryOf } from '@pagebridge/contracts';
import { type ConsumedRecord, type KafkaSettings, requireTopics, TableView } from '@pagebridge/kafka';
import type { Table } from '../application/ports.ts';

const topics = [Connections.card.topic];

/** The connections, read from the compacted topic that handle-sync and page-delivery read too. */
export class ConnectionTable implements Table {
  readonly connections = new Map<string, Connection>();
  private readonly unread = new Set<string>();
  private readonly watchers = new Set<() => void>();
  private readonly view: TableView;

  /** `org`: only connections of this source org; undefined: all. */
  constructor(
    private readonly settings: KafkaSettings,
    private readonly org: string | undefined,
  ) {
    this.view = new TableView(settings, { topics, onRecord: (record) => this.take(record) });
  }

  async start(): Promise<void> {
    await requireTopics(this.settings, topics);
    await this.view.start();
  }

  stop(): Promise<void> {
    return this.view.stop();
  }

  get unreadable(): number {
    return this.unread.size;
  }

  async until(condition: () => boolean, withinMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const check = () => condition() && resolve();
    const timer = setTimeout(resolve, withinMs);
    this.watchers.add(check);
    check();
    await promise;
    clearTimeout(timer);
    this.watchers.delete(check);
    return condition();
  }

  private take(record: ConsumedRecord): void {
    const entry = entryOf(Connections, record, ({ connectionId }) => connectionId);
    const id = record.key?.toString('utf8') ?? '';
    if (entry.kind === 'unreadable') {
      this.unread.add(id);
      return;
    }
    this.unread.delete(id);
    if (entry.value && this.org !== undefined && entry.value.sourceOrg !== this.org) return;
    if (entry.value === null) this.connections.delete(id);
    else if (entry.value.version >= (this.connections.get(id)?.version ?? 0)) this.connections.set(id, entry.value);
    for (const check of this.watchers) check();
  }
}
