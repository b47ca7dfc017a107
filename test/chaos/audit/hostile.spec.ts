import { describe, expect, it } from '@jest/globals';
import type { Alert, PageCommand } from '@pagebridge/contracts';
import { aConnection, anAlert } from '@pagebridge/testing';
import { alertIdentity } from '@pagebridge/vocabulary';
import { audit, isClean } from './audit.ts';
import { HistoryBuilder, type Published } from './history.fixtures.ts';

const sourceOrg = 'mallory-ap';
const topic = 'paging.alerts.v1';

/** Builds a history with records of a hostile producer. */
class HostileHistoryBuilder extends HistoryBuilder {
  #records = 0;

  constructor() {
    super();
    const connection = aConnection({ sourceOrg });
    this.history.connections.push({ key: connection.connectionId, timestamp: 0, data: connection });
  }

  /** Adds an undecodable record at this offset of partition 3. */
  bytes(offset: number): void {
    this.history.hostile.push({ partition: 3, offset, key: '', looks: 'like bytes' });
  }

  /** Adds an answered request with this number, and how many of its alerts are published by the answer. */
  request(number: number, status: number, published: number): void {
    this.history.requests.push({ run: `hostile-request-${number}`, looks: 'like a request', status, published });
  }

  /** Adds a decodable alert of the hostile org. */
  legal(its: Partial<Alert> = {}): Published {
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
    return { eventId, alert, alertRecord: `${topic}/5/${this.#records}` };
  }

  /** Adds the command for this alert, and its key. */
  routed(event: Published): PageCommand {
    const command = this.command(event, 'mallory-core', { sourceOrg });
    this.#underOwnKey();
    return command;
  }

  ended(
    command: PageCommand,
    ...[outcome, its]: Parameters<HistoryBuilder['outcome']> extends [unknown, ...infer Rest] ? Rest : never
  ) {
    this.outcome(command, outcome, its);
    this.#underOwnKey();
  }

  parked(partition: number, first: number, last = first): void {
    const original = { partition, first, last };
    this.history.deadLetters.push({ topic, original, key: '', digest: 'none: a stub', reason: 'undecodable-batch' });
  }

  // The base class writes keys of a healthy org; here they are replaced by those of the hostile org.
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

const found = ({ history }: HistoryBuilder) => audit(history);
const rules = (builder: HistoryBuilder) => found(builder).findings.map(({ kind, rule }) => `${kind} ${rule}`);

describe('the audit of hostile records', () => {
  it('reports an undecodable record that was not parked, and then no run is clean', () => {
    const builder = new HostileHistoryBuilder();
    builder.bytes(7);
    expect(rules(builder)).toEqual(['hostileUnaccounted H1']);
    expect(found(builder)).toMatchObject({ hostile: 1, hostileUnaccounted: 1, lost: 0 });
    expect(isClean(found(builder))).toBe(false);
    builder.parked(3, 7);
    expect(isClean(found(builder))).toBe(true);
  });

  it('accepts a parked batch or a stub for exactly the offsets that it names', () => {
    const builder = new HostileHistoryBuilder();
    for (const offset of [9, 10, 11, 12, 13]) builder.bytes(offset);
    builder.parked(3, 10, 12);
    expect(found(builder).findings.map(({ id }) => id)).toEqual([`${topic}/3/9`, `${topic}/3/13`]);
    builder.parked(4, 9, 13);
    expect(found(builder)).toMatchObject({ hostile: 5, hostileUnaccounted: 2 });
  });

  it('reports an alert whose handle has no record, and one whose page has no final outcome', () => {
    const builder = new HostileHistoryBuilder();
    const event = builder.legal();
    expect(rules(builder)).toEqual(['hostileUnaccounted H2']);
    const command = builder.routed(event);
    expect(rules(builder)).toEqual(['hostileUnaccounted H3']);
    builder.ended(command, 'retried');
    expect(rules(builder)).toEqual(['hostileUnaccounted H3']);
    builder.ended(command, 'delivered');
    expect(rules(builder)).toEqual([]);
  });

  it('accepts an undeliverable page with a dead letter', () => {
    const builder = new HostileHistoryBuilder();
    const command = builder.routed(builder.legal());
    builder.ended(command, 'undeliverable', { reason: 'unwritable' });
    expect(rules(builder)).toEqual(['hostileUnaccounted H3']);
    const [entry] = builder.history.commands;
    const original = { partition: 0, first: entry?.offset ?? 0, last: entry?.offset ?? 0 };
    builder.history.deadLetters.push({
      ...{ topic: 'paging.page-commands.v1', original, key: '', digest: 'none: a stub', reason: 'unwritable' },
    });
    expect(rules(builder)).toEqual([]);
  });

  it('accepts a routed recovery, whether or not there is a page to resolve', () => {
    const builder = new HostileHistoryBuilder();
    const event = builder.legal({ transition: 'recovered' });
    expect(rules(builder)).toEqual(['hostileUnaccounted H2']);
    builder.resolve(event);
    expect(rules(builder)).toEqual([]);
  });

  it('accepts a refused request, and reports one that failed, or whose alerts are not all in the topic', () => {
    const builder = new HostileHistoryBuilder();
    for (const status of [400, 401, 413, 429, 503]) builder.request(status, status, 0);
    expect(rules(builder)).toEqual([]);
    builder.request(1, 500, 0);
    expect(rules(builder)).toEqual(['hostileUnaccounted H4']);
    builder.request(12, 200, 1);
    builder.legal({ alertKey: 'alertmanager:hostile-request-1-0', message: 'no handle' });
    expect(rules(builder)).toEqual(['hostileUnaccounted H4', 'hostileUnaccounted H5']);
    builder.legal({ alertKey: 'alertmanager:hostile-request-12-0', message: 'no handle' });
    expect(rules(builder)).toEqual(['hostileUnaccounted H4']);
  });

  it('accepts an alert without handles', () => {
    const builder = new HostileHistoryBuilder();
    builder.legal({ message: 'no handle' });
    expect(rules(builder)).toEqual([]);
  });

  it('applies all rules to healthy alerts', () => {
    const builder = new HostileHistoryBuilder();
    const page = builder.routed(builder.legal());
    // This reason is never valid for a healthy page.
    builder.ended(page, 'delivered', { destinationPageId: 'not there' });
    const alert = builder.alert('cpu', { message: '@oncall-core' });
    expect(rules(builder)).toEqual(['lost L1']);
    builder.page(builder.command(alert));
    expect(rules(builder)).toEqual([]);
  });
});
