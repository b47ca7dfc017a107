const none = -1;

/** The rows of each org as a doubly linked list over row numbers: eight bytes a row, out and in at once. */
export class OrgChains {
  #next = new Int32Array(64);
  #previous = new Int32Array(64);
  readonly #first: number[] = [];

  get bytes(): number {
    return this.#next.byteLength * 2;
  }

  link(slot: number, org: number): void {
    if (slot >= this.#next.length) this.#grow(Math.ceil(slot * 1.5));
    const first = this.#first[org] ?? none;
    this.#next[slot] = first;
    this.#previous[slot] = none;
    if (first !== none) this.#previous[first] = slot;
    this.#first[org] = slot;
  }

  unlink(slot: number, org: number): void {
    const [next, previous] = [this.#next[slot] ?? none, this.#previous[slot] ?? none];
    if (next !== none) this.#previous[next] = previous;
    if (previous !== none) this.#next[previous] = next;
    else this.#first[org] = next;
  }

  *rowsOf(org: number): Generator<number> {
    for (let slot = this.#first[org] ?? none; slot !== none; slot = this.#next[slot] ?? none) yield slot;
  }

  #grow(capacity: number): void {
    const next = new Int32Array(capacity);
    next.set(this.#next);
    const previous = new Int32Array(capacity);
    previous.set(this.#previous);
    this.#next = next;
    this.#previous = previous;
  }
}
