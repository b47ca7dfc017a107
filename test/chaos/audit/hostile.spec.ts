import { describe, expect, it } from '@jest/globals';
import type { Alert, PageCommand } from '@pagebridge/contracts';
import { aConnection, anAlert } from '@pagebridge/testing';
import { alertIdentity } from '@pagebridge/vocabulary';
import { audit, isClean } from './audit.ts';
import { Telling } from './history.features.ts';

const sourceOrg = 'mallory-ap';
const topic = 'paging.alerts.v1';

/** A history in which a hostile producer has a part. */
class HostileTelling extends Telling {
  #records = 0;

  constructor() {
    super();
    const connection = aConnection({ sourceOrg });
    this.history.connections.push({ key: connection.connectionId, timestamp: 0, data: connection });
  }

  /** A record that nobody can read, at this offset of partition 3. */
  bytes(offset: number): void {
    this.history.hostile.push({ partition: 3, offset, key: '', looks: 'like bytes' });
  }

  /** An alert that can be read, as what becomes of it needs it. */
  legal(its: Partial<Alert> = {}): { eventId: string; alert: Alert } {
    this.#records += 1;
    const eventId = `hostile-${this.#records}`;
    const alert = anAlert({ sourceOrg, alertKey: `key-${this.#records}`, message: '@oncall-mallory-core', ...its });
    const key = alertIdentity(sourceOrg, alert.alertKey);
    this.history.hostile.push({
      partition: 5,
      offset: this.#records,
      key,
      looks: 'legal',
      alert: { eventId, data: alert },
    });
    return { eventId, alert };
  }

  /** The command that routing made of it, and the key that it stands under. */
  routed(told: { eventId: string; alert: Alert }): PageCommand {
    const command = this.command(told, 'mallory-core', { sourceOrg });
    this.#underOwnKey();
    return command;
  }

  ended(
    command: PageCommand,
    ...[outcome, its]: Parameters<Telling['outcome']> extends [unknown, ...infer Rest] ? Rest : never
  ) {
    this.outcome(command, outcome, its);
    this.#underOwnKey();
  }

  parked(partition: number, first: number, last = first): void {
    const stood = { partition, first, last };
    this.history.deadLetters.push({ topic, stood, key: '', digest: 'none: a stub', reason: 'undecodable-batch' });
  }

  // What the features write is of a healthy org; keys here are those of the hostile one.
  #underOwnKey(): void {
    const own = <T extends { key: string; data: { alertEventId: string; alertKey: string } }>(entries: T[]): T[] =>
      entries.map((entry) =>
        entry.data.alertEventId.startsWith('hostile-')
          ? { ...entry, key: alertIdentity(sourceOrg, entry.data.alertKey) }
          : entry,
      );
    this.history.commands = own(this.history.commands);
    this.history.unrouted = own(this.history.unrouted);
    this.history.outcomes = own(this.history.outcomes);
  }
}

const found = ({ history }: Telling) => audit(history);
const rules = (telling: Telling) => found(telling).findings.map(({ kind, rule }) => `${kind} ${rule}`);

describe('the audit of hostile records', () => {
  it('misses what is unreadable and not set aside, and no run is clean with it', () => {
    const telling = new HostileTelling();
    telling.bytes(7);
    expect(rules(telling)).toEqual(['hostileUnaccounted H1']);
    expect(found(telling)).toMatchObject({ hostile: 1, hostileUnaccounted: 1, lost: 0 });
    expect(isClean(found(telling))).toBe(false);
    telling.parked(3, 7);
    expect(isClean(found(telling))).toBe(true);
  });

  it('takes a parked batch, or a stub, for all offsets that it names and for no other', () => {
    const telling = new HostileTelling();
    for (const offset of [9, 10, 11, 12, 13]) telling.bytes(offset);
    telling.parked(3, 10, 12);
    expect(found(telling).findings.map(({ id }) => id)).toEqual([`${topic}/3/9`, `${topic}/3/13`]);
    telling.parked(4, 9, 13);
    expect(found(telling)).toMatchObject({ hostile: 5, hostileUnaccounted: 2 });
  });

  it('misses an alert whose handle has no answer, and one whose page has no end', () => {
    const telling = new HostileTelling();
    const told = telling.legal();
    expect(rules(telling)).toEqual(['hostileUnaccounted H2']);
    const command = telling.routed(told);
    expect(rules(telling)).toEqual(['hostileUnaccounted H3']);
    telling.ended(command, 'retried');
    expect(rules(telling)).toEqual(['hostileUnaccounted H3']);
    telling.ended(command, 'delivered');
    expect(rules(telling)).toEqual([]);
  });

  it('takes an undeliverable page for accounted once its dead letter is there', () => {
    const telling = new HostileTelling();
    const command = telling.routed(telling.legal());
    telling.ended(command, 'undeliverable', { reason: 'unwritable' });
    expect(rules(telling)).toEqual(['hostileUnaccounted H3']);
    const [entry] = telling.history.commands;
    const stood = { partition: 0, first: entry?.offset ?? 0, last: entry?.offset ?? 0 };
    telling.history.deadLetters.push({
      ...{ topic: 'paging.page-commands.v1', stood, key: '', digest: 'none: a stub', reason: 'unwritable' },
    });
    expect(rules(telling)).toEqual([]);
  });

  it('takes a recovery for accounted once it is routed, whatever there is to resolve', () => {
    const telling = new HostileTelling();
    const told = telling.legal({ transition: 'recovered' });
    expect(rules(telling)).toEqual(['hostileUnaccounted H2']);
    telling.resolve(told);
    expect(rules(telling)).toEqual([]);
  });

  it('asks nothing for an alert that asks nothing', () => {
    const telling = new HostileTelling();
    telling.legal({ message: 'no handle' });
    expect(rules(telling)).toEqual([]);
  });

  it('leaves healthy alerts what they are owed', () => {
    const telling = new HostileTelling();
    const page = telling.routed(telling.legal());
    // Given up for a reason that a healthy page may never have.
    telling.ended(page, 'delivered', { destinationPageId: 'not there' });
    const alert = telling.alert('cpu', { message: '@oncall-core' });
    expect(rules(telling)).toEqual(['lost L1']);
    telling.page(telling.command(alert));
    expect(rules(telling)).toEqual([]);
  });
});
