import { type Alert, Alerts } from '@pagebridge/contracts';
import { alertIdentity, handleOf } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import { bytesOf, spoiled } from '../../fuzz/json.ts';
import { anyKey, dataOf, type Headers, hostileHeaders } from '../../fuzz/records.ts';
import type { Seeded } from '../seed.ts';

/** A record of a producer without rules; `kind` is a label for the log of the run. */
export interface HostileRecord {
  readonly kind: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
}

/** The org and the teams of the records. */
export interface Target {
  readonly sourceOrg: string;
  /** The handles of teams that the org may page. */
  readonly teams: readonly string[];
  /** Those of them whose destination refuses pages by their title. */
  readonly badlyAnsweredTeams: readonly string[];
  /** Keys of other orgs' alerts, whose partitions these records share. */
  readonly foreignKeys: readonly string[];
}

/** Returns the headers as a list, as a batch has them. */
export const headersOf = (headers: Headers): (readonly [name: Buffer, value: Buffer | null])[] =>
  Object.entries(headers).flatMap(([name, values]) =>
    [values ?? null].flat().map((value) => [Buffer.from(name), value === null ? null : Buffer.from(value)] as const),
  );

const maxMessage = 262_144;
const maxHandles = 100;
const maxHandleLength = 195;
const boundedData = dataOf(Alerts);
const anyBytes = fc.oneof(
  fc.constantFrom(null, Buffer.alloc(0)),
  fc.uint8Array({ minLength: 1, maxLength: 5_000 }).map((bytes) => Buffer.from(bytes)),
);

/** Titles that select the answer of the hostile destination. */
export const badAnswers = ['refuse me', 'sign in', 'unknown error', 'grow'] as const;

/** Draws hostile records by a seed, from the values that `npm run fuzz` draws too. */
export class HostileRecords {
  readonly #random: Seeded;
  readonly #target: Target;
  #count = 0;

  constructor(random: Seeded, target: Target) {
    this.#random = random;
    this.#target = target;
  }

  /** Returns a record that no reader takes for an alert of another org. */
  next(): HostileRecord {
    for (;;) {
      const record = this.#random.weighted(this.#kinds)();
      const decoded = Alerts.decode(record);
      if (!decoded.ok || decoded.event.data.sourceOrg === this.#target.sourceOrg) return record;
    }
  }

  #kinds = [
    [20, () => this.#record('legal')],
    [12, () => this.#record('legal at its bounds', this.#atBounds())],
    [4, () => this.#badlyAnswered()],
    [25, () => this.#mutated()],
    [4, () => this.#giantFraction()],
    [10, () => ({ kind: 'bytes', key: this.#draw(anyKey), value: this.#draw(anyBytes), headers: {} })],
    [15, () => this.#badHeaders()],
    [10, () => ({ ...this.#record('key of another'), key: this.#otherKey() })],
  ] as const;

  #atBounds(): Partial<Alert> {
    const mentions = this.#handles(this.#random.pick([1, maxHandles]));
    const length = maxMessage * this.#random.pick([0.2, 0.6, 1]);
    const data = this.#draw(boundedData);
    const message = `${mentions} ${data.message.slice(0, length - mentions.length - 1)}`.toWellFormed();
    const { origin: _, transition: __, ...some } = data;
    return { ...some, message, ...(this.#random.chance(0.5) ? { occurredAt: this.#now() } : {}) };
  }

  #badlyAnswered(): HostileRecord {
    const title = this.#random.pick(badAnswers);
    const message = handleOf(this.#random.pick(this.#target.badlyAnsweredTeams));
    return this.#record(`answered badly: ${title}`, { title, message, transition: 'triggered' });
  }

  #mutated(): HostileRecord {
    const record = this.#record('mutated');
    return { ...record, value: this.#draw(bytesOf(spoiled(fc.constant(JSON.parse(String(record.value)))))) };
  }

  #giantFraction(): HostileRecord {
    const digits = this.#random.pick([600_000, 960_000]);
    const occurredAt = `2026-01-01T00:00:00.${'1'.repeat(digits)}Z`;
    return this.#record(`${digits} digits`, { occurredAt, message: this.#handles(2), transition: 'triggered' });
  }

  #badHeaders(): HostileRecord {
    const record = this.#record('headers');
    const added = this.#draw(hostileHeaders);
    return { ...record, headers: this.#random.chance(0.3) ? added : { ...record.headers, ...added } };
  }

  #otherKey = (): Buffer | null =>
    this.#random.pick([
      this.#draw(anyKey),
      Buffer.from(this.#random.pick(this.#target.foreignKeys)),
      Buffer.alloc(50_000, 'k'),
    ]);

  /** Returns an alert of the org, as a well-behaved producer writes it. */
  #record(kind: string, its: Partial<Alert> = {}): HostileRecord {
    this.#count += 1;
    const transition = this.#random.pick(['triggered', 'triggered', 'warned', 'retriggered', 'recovered'] as const);
    const alert: Alert = {
      // Few keys, so that some fire twice and recover.
      alertKey: `monitor-${this.#random.between(1, 60)}`,
      transition,
      origin: this.#random.chance(0.1) ? 'manual' : 'monitor',
      title: `Alert ${this.#count}`,
      message: this.#handles(this.#random.between(0, 3)),
      occurredAt: this.#now(),
      ...its,
      sourceOrg: this.#target.sourceOrg,
    };
    const key = alertIdentity(alert.sourceOrg, alert.alertKey);
    const attributes = { id: `hostile-${this.#count}`, source: '//hostile.example', time: this.#now() };
    const { value, headers } = Alerts.encode(key, attributes, alert);
    return { kind, key: Buffer.from(key), value: Buffer.from(value ?? ''), headers };
  }

  /** Returns distinct handles: first of existing teams, then unknown ones. */
  #handles(count: number): string {
    const known = this.#random.shuffled(this.#target.teams).slice(0, count);
    const unknown = Array.from({ length: count - known.length }, (_, i) => `${'h'.repeat(maxHandleLength - 6)}${i}`);
    return [...known, ...unknown].map(handleOf).join(' ');
  }

  #now = (): string => new Date().toISOString();

  #draw<Value>(arbitrary: fc.Arbitrary<Value>): Value {
    const [value] = fc.sample(arbitrary, { seed: this.#random.between(0, 2 ** 31 - 1), numRuns: 1 });
    return value as Value;
  }
}
