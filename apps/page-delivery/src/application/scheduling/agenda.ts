/** Something that becomes due at a time of some clock. Both fields belong to the agenda; `place` is -1 outside of it. */
export interface Entry {
  place: number;
  agendaAt: number;
}

/** The times at which entries are due: a binary heap from which any entry can be removed. */
export class Agenda<T extends Entry> {
  private readonly heap: T[] = [];

  /** The earliest entry. */
  get first(): T | undefined {
    return this.heap[0];
  }

  /** The time of the earliest entry; infinite if there is none. */
  get nextAt(): number {
    return this.first?.agendaAt ?? Number.POSITIVE_INFINITY;
  }

  /** Adds or moves an entry; with an infinite time, removes it. */
  set(entry: T, at: number): void {
    this.delete(entry);
    if (at === Number.POSITIVE_INFINITY) return;
    entry.agendaAt = at;
    this.sift(entry, this.heap.length);
  }

  delete(entry: T): void {
    const { place } = entry;
    if (place < 0) return;
    entry.place = -1;
    const last = this.heap.pop();
    if (last && last !== entry) this.sift(last, place);
  }

  /** Removes and returns the earliest entry if it is due. */
  dequeue(now: number): T | undefined {
    const [first] = this.heap;
    if (!first || first.agendaAt > now) return undefined;
    this.delete(first);
    return first;
  }

  /** Puts an entry to a free place, and from there to where its time belongs. */
  private sift(entry: T, free: number): void {
    let place = free;
    for (let other = this.misplaced(entry, place); other; other = this.misplaced(entry, place)) {
      const next = other.place;
      this.put(other, place);
      place = next;
    }
    this.put(entry, place);
  }

  /** Returns the later entry above, or the earlier one below, that an entry at a place must change places with. */
  private misplaced({ agendaAt }: T, place: number): T | undefined {
    const above = this.heap[(place - 1) >> 1];
    if (above && above.agendaAt > agendaAt) return above;
    const left = this.heap[2 * place + 1];
    const right = this.heap[2 * place + 2];
    const below = left && right && right.agendaAt < left.agendaAt ? right : left;
    return below && below.agendaAt < agendaAt ? below : undefined;
  }

  private put(entry: T, place: number): void {
    entry.place = place;
    this.heap[place] = entry;
  }
}
