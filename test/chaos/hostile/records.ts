import { randomBytes } from 'node:crypto';
import { type Alert, Alerts, replayedAtHeader, replayedFromHeader } from '@pagebridge/contracts';
import { alertIdentity, deadLetterHeaders, handleOf } from '@pagebridge/vocabulary';
import type { Seeded } from '../seed.ts';
import type { RawRecord } from './batch.ts';

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

type Headers = RawRecord['headers'];
interface Draft {
  readonly alert: Alert;
  readonly eventId: string;
}

/** The bounds of the card's fields. */
interface Bounded {
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: Bounded & { readonly properties?: Readonly<Record<string, Bounded>> };
}
const fields = (Alerts.card.value as unknown as { readonly properties: Readonly<Record<keyof Alert, Bounded>> })
  .properties;
const maxLengthOf = (name: keyof Alert): number => fields[name].maxLength ?? 512;
const maxItemsOf = (name: keyof Alert): number => fields[name].maxItems ?? 0;
const itemOf = (name: keyof Alert, field?: string): number => {
  const { items } = fields[name];
  return (field === undefined ? items?.maxLength : items?.properties?.[field]?.maxLength) ?? 256;
};

const giantBytes = 1_000_000;
const maxHandles = 100;
const maxHandleLength = 195;
/** The characters that need the most bytes in JSON. */
const awkward = ['\u0001', '"', '\\', '\u{1f525}', '\u2028', 'é'] as const;

/** Titles that select the answer of the hostile destination. */
export const badAnswers = ['refuse me', 'sign in', 'unknown error', 'grow'] as const;

/** Draws hostile records by a seed. */
export class HostileRecords {
  readonly #random: Seeded;
  readonly #target: Target;
  #count = 0;

  constructor(random: Seeded, target: Target) {
    this.#random = random;
    this.#target = target;
  }

  next(): RawRecord {
    return this.#random.weighted([
      [20, this.#usual],
      [12, this.#atBounds],
      [4, this.#badlyAnswered],
      [25, this.#mutated],
      [4, this.#giantFraction],
      [10, this.#bytes],
      [15, this.#badHeaders],
      [10, this.#otherKey],
    ] as const)();
  }

  /** Draws a decodable record, with or without handles; also used for open transactions. */
  #usual = (): RawRecord => this.#written('legal', this.#draft());

  #atBounds = (): RawRecord => {
    const character = this.#random.pick(awkward);
    const text = (length: number) => character.repeat(Math.floor(length / character.length));
    const longUrl = `https://example.com/${'u'.repeat(itemOf('links', 'url') - 20)}`;
    const mentions = this.#handles(this.#random.pick([1, maxHandles]));
    const message = `${mentions} ${text(this.#random.pick([0.2, 0.6, 1]) * (maxLengthOf('message') - mentions.length - 2))}`;
    const all: Partial<Alert> = {
      title: text(maxLengthOf('title')),
      message,
      tags: Array.from({ length: maxItemsOf('tags') }, () => text(itemOf('tags'))),
      links: Array.from({ length: maxItemsOf('links') }, () => ({
        title: text(itemOf('links', 'title')),
        url: longUrl,
      })),
      recipients: Array.from({ length: maxItemsOf('recipients') }, () => 'slack-ops'),
      occurredAt: this.#random.pick(['2000-01-01T00:00:00Z', '2200-12-31T23:59:59.999999999Z', this.#now()]),
      alertKey: this.#random.pick([`bounds-${this.#count}`, 'k'.repeat(512), '\u{1f525}'.repeat(256)]),
    };
    const some = Object.entries(all).filter(() => this.#random.chance(0.5));
    return this.#written('legal at its bounds', this.#draft({ message: mentions, ...Object.fromEntries(some) }));
  };

  #badlyAnswered = (): RawRecord => {
    const title = this.#random.pick(badAnswers);
    const message = handleOf(this.#random.pick(this.#target.badlyAnsweredTeams));
    return this.#written(`answered badly: ${title}`, this.#draft({ title, message, transition: 'triggered' }));
  };

  #mutated = (): RawRecord => {
    const draft = this.#draft();
    const event = this.#event(draft);
    const name = this.#random.pick(Object.keys(draft.alert));
    const wrong = [null, true, {}, [], 1e308, -0, '', 'x'.repeat(70_000)];
    const change = this.#random.pick([
      { [name]: undefined },
      { [name]: this.#random.pick(wrong) },
      { alertKey: `half \ud83d of a pair ${this.#count}` },
      { occurredAt: this.#random.pick(times) },
      { title: '\udd25'.repeat(100) },
      { tags: [{ toString: 'x' }], links: 'https://example.com' },
    ]);
    const text = JSON.stringify({ ...event, data: { ...draft.alert, ...change } });
    const spoiled = this.#random.pick([
      text,
      text,
      text,
      text.replace(
        '"data":{',
        '"__proto__":{"specversion":"2.0"},"data":{"__proto__":{"sourceOrg":"x"},"constructor":{},',
      ),
      text.replace('"data":{', `"data":{"priority":${'9'.repeat(50_000)},`),
      text.slice(0, this.#random.between(1, text.length)),
      text.replace('"data":', `"nested":${'['.repeat(5_000)}${']'.repeat(5_000)},"infinite":1e400,"data":`),
    ]);
    return this.#record('mutated', draft, Buffer.from(spoiled));
  };

  #giantFraction = (): RawRecord => {
    const digits = this.#random.pick([600_000, 960_000]);
    const occurredAt = `2026-01-01T00:00:00.${'1'.repeat(digits)}Z`;
    const message = this.#handles(2);
    return this.#written(`${digits} digits`, this.#draft({ occurredAt, message, transition: 'triggered' }));
  };

  #bytes = (): RawRecord => {
    const draft = this.#draft();
    const value = this.#random.pick([null, Buffer.alloc(0), randomBytes(this.#random.between(1, 5_000))]);
    const key = this.#random.pick([null, Buffer.alloc(0), randomBytes(40), Buffer.from(this.#keyOf(draft))]);
    return { kind: 'bytes', key, value, headers: this.#random.chance(0.5) ? [] : [[randomBytes(9), randomBytes(99)]] };
  };

  #badHeaders = (): RawRecord => {
    const record = this.#written('headers', this.#draft());
    const name = (text: string) => Buffer.from(text);
    const added = this.#random.pick<Headers>([
      [[name('traceparent'), null]],
      [[name('traceparent'), Buffer.alloc(giantBytes, 'f')]],
      [[name('x'.repeat(giantBytes)), Buffer.from('1')]],
      [[Buffer.from([0xff, 0xfe, 0x80]), Buffer.from([0xc3, 0x28])]],
      Array.from({ length: 2_000 }, () => [name('ce_id'), null] as const),
      [
        [name('content-type'), null],
        [name('content-type'), Buffer.from([0xff])],
      ],
      [
        [name('__proto__'), Buffer.from('x')],
        [name('constructor'), null],
        [name('toString'), null],
      ],
      // Headers of a dead letter, or of a replay.
      [
        [name(deadLetterHeaders.offset), Buffer.from('9'.repeat(400))],
        [name(deadLetterHeaders.reason), null],
        [name(replayedFromHeader), Buffer.from('paging.alerts.v1.dead/0/99999999999999999999')],
        [name(replayedAtHeader), Buffer.from('+275760-09-13T00:00:00.001Z')],
      ],
    ]);
    const isBinary = this.#random.chance(0.3);
    return { ...record, headers: isBinary ? added : [...record.headers, ...added] };
  };

  #otherKey = (): RawRecord => {
    const record = this.#written('key of another', this.#draft());
    return {
      ...record,
      key: this.#random.pick([null, randomBytes(20), this.#foreignKey(), Buffer.alloc(50_000, 'k')]),
    };
  };

  #foreignKey = (): Buffer => Buffer.from(this.#random.pick(this.#target.foreignKeys));

  #draft(its: Partial<Alert> = {}): Draft {
    this.#count += 1;
    const transition = this.#random.pick(['triggered', 'triggered', 'warned', 'retriggered', 'recovered'] as const);
    const alert: Alert = {
      sourceOrg: this.#target.sourceOrg,
      // Few keys, so that some fire twice and recover.
      alertKey: `monitor-${this.#random.between(1, 60)}`,
      transition,
      origin: this.#random.chance(0.1) ? 'manual' : 'monitor',
      title: `Alert ${this.#count}`,
      message: this.#handles(this.#random.between(0, 3)),
      occurredAt: this.#now(),
      ...its,
    };
    return { alert, eventId: `hostile-${this.#count}` };
  }

  /** Returns distinct handles: first of existing teams, then unknown ones. */
  #handles(count: number): string {
    const known = this.#random.shuffled(this.#target.teams).slice(0, count);
    const unknown = Array.from({ length: count - known.length }, (_, i) => `${'h'.repeat(maxHandleLength - 6)}${i}`);
    return [...known, ...unknown].map(handleOf).join(' ');
  }

  #now = (): string => new Date().toISOString();

  #keyOf = ({ alert }: Draft): string => alertIdentity(alert.sourceOrg, alert.alertKey);

  #event = ({ alert, eventId }: Draft) => ({
    ...JSON.parse(String(this.#encoded({ alert, eventId }).value)),
  });

  #encoded = (draft: Draft) => {
    const attributes = { id: draft.eventId, source: '//hostile.example', time: this.#now() };
    return Alerts.encode(this.#keyOf(draft), attributes, draft.alert);
  };

  #written(kind: string, draft: Draft): RawRecord {
    return this.#record(kind, draft, Buffer.from(this.#encoded(draft).value ?? ''));
  }

  #record(kind: string, draft: Draft, value: Buffer): RawRecord {
    const headers = Object.entries(this.#encoded(draft).headers).map(
      ([name, text]) => [Buffer.from(name), Buffer.from(text)] as const,
    );
    return { kind, key: Buffer.from(this.#keyOf(draft)), value, headers };
  }
}

const times = [
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '1999-12-31T23:59:59Z',
  '2201-01-01T00:00:00Z',
  '2026-02-30T00:00:00Z',
  'yesterday',
  '2026-01-01T00:00:00.0000000001Z',
] as const;
