import type { FormerHandle } from './facts.ts';

interface Former {
  readonly slot: number;
  readonly validUntilMs: number;
}

/** The names that renamed teams had before, of one org. Few, so plain maps do. */
export class FormerHandles {
  readonly #byName = new Map<string, Former[]>();
  readonly #namesOf = new Map<number, string[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(slot: number, formerHandles: readonly FormerHandle[]): void {
    if (formerHandles.length === 0) return;
    this.#namesOf.set(
      slot,
      formerHandles.map((former) => former.teamHandle),
    );
    for (const { teamHandle, validUntil } of formerHandles) {
      const formers = this.#byName.get(teamHandle) ?? [];
      formers.push({ slot, validUntilMs: Date.parse(validUntil) });
      this.#byName.set(teamHandle, formers);
    }
    this.#size += formerHandles.length;
  }

  remove(slot: number): void {
    const names = this.#namesOf.get(slot) ?? [];
    this.#namesOf.delete(slot);
    this.#size -= names.length;
    for (const name of names) {
      const others = (this.#byName.get(name) ?? []).filter((former) => former.slot !== slot);
      if (others.length > 0) this.#byName.set(name, others);
      else this.#byName.delete(name);
    }
  }

  /** Each row has another number. */
  renumber(moved: (slot: number) => number): void {
    const names = [...this.#namesOf];
    this.#namesOf.clear();
    for (const [slot, its] of names) this.#namesOf.set(moved(slot), its);
    for (const [name, formers] of this.#byName) {
      this.#byName.set(
        name,
        formers.map(({ slot, validUntilMs }) => ({ slot: moved(slot), validUntilMs })),
      );
    }
  }

  /** Every row that had this name and is still in its grace period. */
  within(name: string, nowMs: number): number[] {
    const formers = this.#byName.get(name) ?? [];
    return formers.filter(({ validUntilMs }) => nowMs < validUntilMs).map(({ slot }) => slot);
  }
}
