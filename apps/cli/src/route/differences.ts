import type { Alert, Event } from '@pagebridge/contracts';
import type { RegistryTables } from '../registry/registry-tables.ts';
import { effectOf, handleIn, type Outcome, outcomesOf, wordsOf } from './outcomes.ts';

/** A handle that pages otherwise with the changed registry, and how many alerts named it. */
export interface Difference {
  readonly sourceOrg: string;
  /** Empty if all of the alert is concerned. */
  readonly handle: string;
  readonly now: string;
  readonly changed: string;
  alerts: number;
  /** The last alert that named it: its record, key and title. */
  example: { readonly record: string; readonly alertKey: string; readonly title: string };
}

// One registry can change what very many handles mean that only alerts name, as by another fallback.
const maxGroups = 10_000;

/** Compares what alerts lead to by two registries. Holds each handle that differs once, with the last alert that named it. */
export class Differences {
  alerts = 0;
  /** The alerts that would page otherwise. */
  differing = 0;
  /** The differences beyond those that are held. */
  others = 0;
  private readonly groups = new Map<string, Difference>();

  constructor(
    private readonly present: RegistryTables,
    private readonly changed: RegistryTables,
    private readonly now: Date,
  ) {}

  /** Most frequent first. */
  get all(): Difference[] {
    return [...this.groups.values()].toSorted((a, b) => b.alerts - a.alerts || (a.handle < b.handle ? -1 : 1));
  }

  add(event: Event<Alert>, topic: string, record: string): void {
    this.alerts += 1;
    const [before, after] = [this.present, this.changed].map(
      (tables) => new Map(outcomesOf(event, tables, this.now, topic).map((outcome) => [handleIn(outcome), outcome])),
    ) as [Map<string, Outcome>, Map<string, Outcome>];
    const handles = new Set([...before.keys(), ...after.keys()]);
    const different = [...handles].filter((handle) => effect(before.get(handle)) !== effect(after.get(handle)));
    if (different.length > 0) this.differing += 1;
    for (const handle of different) this.note(event.data, record, handle, before.get(handle), after.get(handle));
  }

  private note(
    { sourceOrg, alertKey, title }: Alert,
    record: string,
    handle: string,
    before?: Outcome,
    after?: Outcome,
  ): void {
    const [now, changed] = [words(before), words(after)];
    const key = JSON.stringify([sourceOrg, handle, now, changed]);
    const known = this.groups.get(key);
    const example = { record, alertKey, title };
    if (known) Object.assign(known, { alerts: known.alerts + 1, example });
    else if (this.groups.size >= maxGroups) this.others += 1;
    else this.groups.set(key, { sourceOrg, handle, now, changed, alerts: 1, example });
  }
}

const effect = (outcome: Outcome | undefined): string => (outcome ? effectOf(outcome) : '');
const words = (outcome: Outcome | undefined): string => (outcome ? wordsOf(outcome) : 'has no outcome');
