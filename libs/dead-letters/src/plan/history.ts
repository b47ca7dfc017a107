import { type Connection, Connections, PageStates, type RecordPlace, replayedFrom } from '@pagebridge/contracts';
import { LedgerStates } from '@pagebridge/page-lifecycle';
import type { KnownLetter } from '../letters/letter.ts';
import { meaningOf } from '../letters/meaning.ts';
import { fingerprintOf, isoOf, type StoredRecord, seenAt } from '../letters/record.ts';

/** The recoveries of one alert. */
interface Recoveries {
  latest: number;
  /** For each time at which a letter happened: the last offset of a recovery of the same time, by partition. */
  readonly ofMoment: Map<number, Map<string, number>>;
}

/**
 * The replays and recoveries in the topics, and the ledger of page-delivery.
 *
 * Producers may write anything: malformed records never throw, and memory is bounded by the number of letters.
 */
export class History {
  private readonly keys = new Set<string>();
  private readonly letters = new Map<string, KnownLetter>();
  private readonly replays = new Map<string, string>();
  private readonly recoveries = new Map<string, Recoveries>();
  readonly ledger = new LedgerStates((key) => this.keys.has(key));
  /** The connections of the selected commands; undefined: there is none; unreadable: a newer version wrote it. */
  readonly connections = new Map<string, Connection | 'unreadable' | undefined>();

  /** Tracks the alerts of the selected letters and the replays of all letters. Parked recoveries count as recoveries. */
  constructor(
    selected: readonly KnownLetter[],
    all: readonly KnownLetter[],
    private readonly now: Date,
  ) {
    for (const { key, meaning } of selected) {
      if (!meaning.ok) continue;
      const { identity, happenedAt, command } = meaning.value;
      if (command?.kind === 'page') this.connections.set(command.connectionId, undefined);
      this.keys.add(key).add(identity);
      const known = this.recoveries.get(identity) ?? { latest: never, ofMoment: new Map() };
      known.ofMoment.set(happenedAt, new Map());
      this.recoveries.set(identity, known);
    }
    for (const letter of all) {
      this.letters.set(letter.name, letter);
      if (letter.meaning.ok && letter.meaning.value.kind === 'recovery')
        this.add(letter.meaning.value, placeOf(letter));
    }
  }

  /** Reads one record of the alerts, the commands, the ledger or the connections; records must arrive in the order of their partition. */
  read(record: StoredRecord): void {
    const mark = replayedFrom(record);
    const letter = mark === undefined ? undefined : this.letters.get(mark);
    if (letter && repeats(record, letter)) this.replays.set(letter.name, isoOf(record.timestamp));
    const key = record.key?.toString('utf8') ?? '';
    if (record.topic === PageStates.card.topic) this.ledger.add(record);
    else if (record.topic === Connections.card.topic) this.takeConnection(key, record);
    else if (this.keys.has(key)) this.takeEvent(record, mark === undefined ? record : undefined);
  }

  /** Returns when the letter was replayed; undefined if it was not. */
  replayedAt(letter: KnownLetter): string | undefined {
    return this.replays.get(letter.name);
  }

  /** Returns when the alert last recovered, if that was after the letter; else undefined. */
  recoveredAfter({ place, topic, origin, meaning }: KnownLetter): number | undefined {
    if (!meaning.ok) return undefined;
    const { identity, happenedAt } = meaning.value;
    const known = this.recoveries.get(identity);
    const state = this.ledger.of(identity);
    const inLedger = typeof state === 'object' && state.recoveredAt ? Date.parse(state.recoveredAt) : never;
    const latest = Math.max(known?.latest ?? never, inLedger);
    if (latest > happenedAt) return latest;
    // Sources have coarse clocks. If both have the same time, the order of the log decides; without an order, we page.
    const reached = known?.ofMoment.get(happenedAt);
    const isPassed = (topic: string, partition: number | undefined, offset = Number.POSITIVE_INFINITY) =>
      (reached?.get(`${topic}/${partition}`) ?? -1) > offset;
    const { partition, offset } = origin;
    return isPassed(place.topic, place.partition, place.offset) || isPassed(topic, partition, offset)
      ? happenedAt
      : undefined;
  }

  private takeConnection(id: string, record: StoredRecord): void {
    if (!this.connections.has(id)) return;
    const before = this.connections.get(id);
    const read = Connections.dataOf(record);
    if (!read.ok) this.connections.set(id, record.value === null ? undefined : 'unreadable');
    else if (typeof before !== 'object' || read.data.version >= before.version) this.connections.set(id, read.data);
  }

  private takeEvent(record: StoredRecord, place: RecordPlace | undefined): void {
    const meaning = meaningOf(record.topic, record, seenAt(record, this.now));
    if (meaning.ok && meaning.value.kind === 'recovery') this.add(meaning.value, place);
  }

  /** `place` is undefined for a replay: its offset is later than that of the original. */
  private add(
    { identity, happenedAt }: { identity: string; happenedAt: number },
    place: RecordPlace | undefined,
  ): void {
    const known = this.recoveries.get(identity);
    if (!known) return;
    known.latest = Math.max(known.latest, happenedAt);
    const reached = place && known.ofMoment.get(happenedAt);
    if (!reached) return;
    const partition = `${place.topic}/${place.partition}`;
    reached.set(partition, Math.max(reached.get(partition) ?? -1, place.offset));
  }
}

const never = Number.NEGATIVE_INFINITY;

/** Returns whether the record is a replay of the letter: it has the same bytes, and is not the original record. */
function repeats(record: StoredRecord, { origin, fingerprint, claimsToBeReplayed }: KnownLetter): boolean {
  // A replay can have the offset of the original only if the topic was created anew.
  if (claimsToBeReplayed && record.partition === origin.partition && record.offset === origin.offset) return false;
  return fingerprintOf(record) === fingerprint;
}

// A record of a batch is ordered by its original place, any other letter by its place among the dead letters.
const placeOf = (letter: KnownLetter): RecordPlace => {
  const { place, topic, origin } = letter;
  const { partition, offset } = origin;
  return 'batch' in letter && partition !== undefined && offset !== undefined ? { topic, partition, offset } : place;
};
