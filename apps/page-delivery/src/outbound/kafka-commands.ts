import { type AlertState, type Event, type PageCommand, PageCommands, type PageState } from '@pagebridge/contracts';
import type { ConsumedHeaders, ConsumedRecord, RangeReader } from '@pagebridge/kafka';
import {
  commandWaitMs,
  type FoundText,
  isCommandOf,
  type PageText,
  type ReceivedCommand,
} from '@pagebridge/page-lifecycle';
import type { Clock, Log } from '@pagebridge/vocabulary';
import type { PageTexts } from '../application/ports.ts';
import { Fifo } from '../application/scheduling/fifo.ts';
import { within } from './within.ts';

const { topic } = PageCommands.card;
// Pages wait in the order of their commands, so that the next ones need the same records. Yet a page may need one record.
export const fetchBytes = 256 * 1024;
const maxBytes = 64 * 1024 * 1024;
// The cost of an entry beside its text; measured. A record has its headers and key beside its value.
const entryBytes = 500;
// That of a tag.
const tagBytes = 32;
// A page whose text cannot be read frees the slot of its lane.
const timeoutMs = 1000;

type Alert = Pick<AlertState, 'sourceOrg' | 'alertKey'>;
type Consumed = PageText & Pick<PageCommand, 'sourceOrg' | 'alertKey' | 'alertEventId' | 'pageId'>;

/** Entries that are evicted together: a consumed command, or the records of one fetch. Their keys are offsets. */
interface Block {
  readonly partition: number;
  readonly entries: ReadonlyMap<number, Consumed | ConsumedRecord>;
  readonly bytes: number;
}

/** A command that was read back, with its record. */
export interface CommandRecord {
  readonly record: ConsumedRecord;
  readonly event: Event<PageCommand>;
}

/**
 * Page commands by partition and offset: those just consumed, and those that were read back from their topic.
 *
 * The block that was used least recently is evicted first. In a flood, consumed commands thus evict each other, but not
 * the fetch from which waiting pages take their texts.
 */
export class KafkaCommands implements PageTexts {
  /** The least recently used one first. */
  private readonly blocks = new Fifo<Block>();
  private readonly blockAt = new Map<string, Block>();
  private bytes = 0;
  private readonly reads = new Map<number, Promise<unknown>>();
  private readonly readingSince = new Map<number, number>();

  constructor(
    private readonly reader: Pick<RangeReader, 'readFrom' | 'health' | 'stop'>,
    private readonly clock: Pick<Clock, 'after' | 'elapsedMs'>,
    private readonly log: Log,
  ) {}

  keep(partition: number, { offset, command }: ReceivedCommand<PageCommand>): void {
    const { sourceOrg, alertKey, alertEventId, pageId, title, description, tags } = command;
    const texts = [sourceOrg, alertKey, alertEventId, pageId, title, description, ...tags];
    const consumed = { sourceOrg, alertKey, alertEventId, pageId, title, description, tags };
    const bytes = entryBytes + tags.length * tagBytes + 2 * texts.reduce((sum, text) => sum + text.length, 0);
    this.add({ partition, entries: new Map([[offset, consumed]]), bytes });
  }

  forget(partition: number, { commandRecord }: PageState): void {
    if (commandRecord) this.dropCommand(partition, commandRecord.offset);
  }

  kept(partition: number, alert: Alert, page: PageState): PageText | undefined {
    const entry = page.commandRecord && this.entryAt(partition, page.commandRecord.offset);
    const command = entry && ('pageId' in entry ? entry : eventIn(entry)?.data);
    return command && isCommandOf(alert, page, command) ? command : undefined;
  }

  async read(partition: number, alert: Alert, page: PageState): Promise<FoundText | undefined> {
    const unreadMs = this.unreadMs(partition);
    if (unreadMs > commandWaitMs) return 'gone';
    // Another page waits for the same already.
    if (unreadMs > timeoutMs) return undefined;
    try {
      return await within(this.clock, timeoutMs, this.textOf(partition, alert, page));
    } catch (error) {
      // The page waits in the ledger.
      this.log.warn({ partition, error: String(error) }, 'reading page text failed; retrying');
      return undefined;
    }
  }

  /**
   * Returns the command of a page; undefined if its record is gone, or if another record has its offset. Waits while
   * Kafka cannot be read; rejects when the reader is stopped.
   */
  async commandOf(partition: number, alert: Alert, page: PageState): Promise<CommandRecord | undefined> {
    const record = page.commandRecord && (await this.recordAt(partition, page.commandRecord.offset));
    const event = record && eventIn(record);
    return event && isCommandOf(alert, page, event.data) ? { record, event } : undefined;
  }

  /** Returns for how long the present read of a partition has lasted, in ms. */
  unreadMs(partition: number): number {
    const now = this.clock.elapsedMs();
    return now - (this.readingSince.get(partition) ?? now);
  }

  health(): ReturnType<RangeReader['health']> {
    return this.reader.health();
  }

  stop(): Promise<void> {
    return this.reader.stop();
  }

  private async textOf(partition: number, alert: Alert, page: PageState): Promise<FoundText> {
    const command = await this.commandOf(partition, alert, page);
    return command?.event.data ?? 'gone';
  }

  // Reads of a partition take turns: the pages that wait for a fetch mostly find their records in it. The caller of the
  // previous read handles its error.
  private recordAt(partition: number, offset: number): Promise<ConsumedRecord | undefined> {
    const previous = this.reads.get(partition)?.catch(() => undefined);
    const read = Promise.resolve(previous).then(() => {
      const entry = this.entryAt(partition, offset);
      return entry && !('pageId' in entry) ? entry : this.fetch(partition, offset);
    });
    this.reads.set(partition, read);
    return read;
  }

  private async fetch(partition: number, offset: number): Promise<ConsumedRecord | undefined> {
    const entries = new Map<number, ConsumedRecord>();
    let bytes = 0;
    this.readingSince.set(partition, this.clock.elapsedMs());
    const onRecord = (record: ConsumedRecord) => {
      entries.set(record.offset, copyOf(record));
      bytes += entryBytes + (record.value?.length ?? 0);
    };
    await this.reader.readFrom(topic, partition, offset, onRecord).finally(() => this.readingSince.delete(partition));
    if (entries.size > 0) this.add({ partition, entries, bytes });
    return entries.get(offset);
  }

  private entryAt(partition: number, offset: number): Consumed | ConsumedRecord | undefined {
    const block = this.blockAt.get(placeOf(partition, offset));
    if (!block) return undefined;
    this.blocks.delete(block);
    this.blocks.add(block);
    return block.entries.get(offset);
  }

  private add(block: Block): void {
    for (const offset of block.entries.keys()) {
      this.dropCommand(block.partition, offset);
      this.blockAt.set(placeOf(block.partition, offset), block);
    }
    this.blocks.add(block);
    this.bytes += block.bytes;
    for (let oldest = this.blocks.first(); this.bytes > maxBytes && oldest; oldest = this.blocks.first()) {
      // The latest stays, however large it is.
      if (oldest === block) return;
      this.drop(oldest);
    }
  }

  /** The records of a fetch stay: the pages that wait next need them. */
  private dropCommand(partition: number, offset: number): void {
    const block = this.blockAt.get(placeOf(partition, offset));
    if (block?.entries.size === 1) this.drop(block);
  }

  private drop(block: Block): void {
    this.blocks.delete(block);
    this.bytes -= block.bytes;
    for (const offset of block.entries.keys()) {
      const place = placeOf(block.partition, offset);
      if (this.blockAt.get(place) === block) this.blockAt.delete(place);
    }
  }
}

const placeOf = (partition: number, offset: number): string => `${partition}/${offset}`;

/** Copies what is kept of a record: a part of an answer of Kafka would keep all of it in memory, up to 8 MiB. */
const copyOf = (record: ConsumedRecord): ConsumedRecord => {
  const { topic: of, partition, offset, timestamp, key, value, headers } = record;
  return {
    ...{
      topic: of,
      partition,
      offset,
      timestamp,
      headers: Object.fromEntries(Object.entries(headers).map(([name, its]) => [name, copied(its)])),
    },
    ...{ key: key && Buffer.from(key), value: value && Buffer.from(value) },
  };
};

function copied(its: ConsumedHeaders[string]): ConsumedHeaders[string] {
  if (Array.isArray(its)) return its.map((one) => (Buffer.isBuffer(one) ? Buffer.from(one) : one));
  return Buffer.isBuffer(its) ? Buffer.from(its) : its;
}

function eventIn({ value, headers }: ConsumedRecord): Event<PageCommand> | undefined {
  const decoded = PageCommands.decode({ value, headers });
  if (!decoded.ok) return undefined;
  const { data, ...attributes } = decoded.event;
  return data.kind === 'page' ? { ...attributes, data } : undefined;
}
