import { EventEmitter, once } from 'node:events';
import { type Connection, Connections, entryOf } from '@pagebridge/contracts';
import { type ConsumedRecord, type KafkaSettings, requireTopics, TableView } from '@pagebridge/kafka';

const topics = [Connections.card.topic];

/** The connections of a source org, or all of them, read from the compacted topic that handle-sync and page-delivery read too. */
export class ConnectionTable {
  readonly connections = new Map<string, Connection>();
  /** The connections whose record is unreadable. */
  readonly unreadable = new Set<string>();
  private readonly changes = new EventEmitter();
  private readonly view: TableView;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly org: string | undefined,
  ) {
    this.view = new TableView(settings, { topics, onRecord: (record) => void this.handle(record) });
  }

  async start(): Promise<void> {
    await requireTopics(this.settings, topics);
    await this.view.start();
  }

  stop = (): Promise<void> => this.view.stop();

  /** Resolves when the condition becomes true, or the time has passed. Checks it at each record that arrives. */
  async until(condition: () => boolean, withinMs: number): Promise<void> {
    const signal = AbortSignal.timeout(withinMs);
    // A wait that is aborted has used up its time, which ends the loop.
    while (!condition() && !signal.aborted) await once(this.changes, 'change', { signal }).catch(() => undefined);
  }

  private handle(record: ConsumedRecord): void {
    const { kind, value } = { value: null, ...entryOf(Connections, record, ({ connectionId }) => connectionId) };
    const id = String(record.key ?? '');
    this.unreadable.delete(id);
    if (kind === 'unreadable') {
      this.unreadable.add(id);
      return;
    }
    if (value && this.org !== undefined && value.sourceOrg !== this.org) return;
    if (value === null) this.connections.delete(id);
    else if (value.version >= (this.connections.get(id)?.version ?? 0)) this.connections.set(id, value);
    this.changes.emit('change');
  }
}
