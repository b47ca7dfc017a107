import { type AlertState, headerText, PageStates, replayedAtHeader, replayedFrom } from '@pagebridge/contracts';
import { type Letter, meaningOf, type StoredRecord } from './letter.ts';

interface Recovery {
  readonly happenedAt: number;
  /** Where its source put it; what was sent again stands later in the log than it happened, and has no place. */
  readonly place?: { readonly topic: string; readonly partition: number; readonly offset: number };
}

/** What has happened beside the dead letters: replays, recoveries, and what delivery's ledger says of the alerts. */
export class History {
  private readonly keys = new Set<string>();
  private readonly replays = new Map<string, string>();
  private readonly recoveries = new Map<string, Recovery[]>();
  private readonly ledger = new Map<string, AlertState>();

  /** Only what concerns the selected letters is kept; a recovery counts wherever it was parked. */
  constructor(selected: readonly Letter[], all: readonly Letter[]) {
    for (const { key, meaning } of selected) {
      this.keys.add(key);
      if (meaning.ok) this.keys.add(meaning.value.identity);
    }
    for (const { record, meaning } of all) {
      if (meaning.ok && meaning.value.kind === 'recovery') this.add(meaning.value, placeOf(record));
    }
  }

  /** Takes a record of the alerts, the commands or the ledger, in the order of its partition. */
  take(record: StoredRecord): void {
    const from = replayedFrom(record);
    if (from) this.replays.set(from, headerText(record, replayedAtHeader) ?? new Date(record.timestamp).toISOString());
    const key = record.key?.toString('utf8') ?? '';
    if (!this.keys.has(key)) return;
    if (record.topic === PageStates.card.topic) this.takeState(key, record);
    else this.takeEvent(record, from === undefined ? placeOf(record) : undefined);
  }

  /** When the letter was sent again; undefined if it was not. */
  replayedAt(letter: Letter): string | undefined {
    return this.replays.get(letter.name);
  }

  /** When the alert recovered after this; undefined if it did not. */
  recoveredAfter({ record, topic, origin, meaning }: Letter): number | undefined {
    if (!meaning.ok) return undefined;
    const { identity, happenedAt } = meaning.value;
    const later = this.recoveries.get(identity)?.find((recovery) => {
      if (recovery.happenedAt !== happenedAt) return recovery.happenedAt > happenedAt;
      // Sources with coarse clocks: at one moment the log decides, and where it does not, a page is not missed.
      const { place } = recovery;
      const stood = place?.topic === record.topic ? record : { ...origin, topic };
      if (place?.topic !== stood.topic || place.partition !== stood.partition) return false;
      return place.offset > (stood.offset ?? Number.POSITIVE_INFINITY);
    });
    const ledger = Date.parse(this.ledger.get(identity)?.recoveredAt ?? '');
    return later?.happenedAt ?? (ledger > happenedAt ? ledger : undefined);
  }

  /** What the ledger says of a page. */
  statusOf(identity: string, pageId: string): string | undefined {
    return this.ledger.get(identity)?.pages.find((page) => page.pageId === pageId)?.status;
  }

  private takeEvent(record: StoredRecord, place: Recovery['place']): void {
    const meaning = meaningOf(record.topic, record, record.timestamp);
    if (meaning.ok && meaning.value.kind === 'recovery') this.add(meaning.value, place);
  }

  private add({ identity, happenedAt }: { identity: string; happenedAt: number }, place: Recovery['place']): void {
    if (!this.keys.has(identity)) return;
    const known = this.recoveries.get(identity);
    const recovery = { happenedAt, ...(place && { place }) };
    if (known) known.push(recovery);
    else this.recoveries.set(identity, [recovery]);
  }

  private takeState(key: string, record: StoredRecord): void {
    const read = PageStates.decode(record);
    if (read.ok) this.ledger.set(key, read.event.data);
    // Forgotten. A state that cannot be read leaves what was known, as delivery has it.
    else if (record.value === null) this.ledger.delete(key);
  }
}

const placeOf = ({ topic, partition, offset }: StoredRecord) => ({ topic, partition, offset });
