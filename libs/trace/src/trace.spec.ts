import { describe, expect, it } from '@jest/globals';
import { Alerts, PageCommands } from '@pagebridge/contracts';
import { aNight, at, connection, first, Night, other, second } from './night.fixtures.ts';
import { textOfTrace } from './text.ts';

describe('the answer of a trace', () => {
  it('is whom the alert paged, and after how long, whatever comes later', () => {
    const night = aNight();
    night.page('e1', first, at(0, 0, 40));
    night.outcome('e1', first, at(0, 0, 84), { destinationPageId: 'D1' });
    expect(night.trace.answer).toEqual({ kind: 'paged', sentence: 'Paged core-infra (globex-eu) after 84 ms.' });
    night.alert('e2', at(3), { transition: 'recovered' });
    night.resolve('e2', at(3));
    night.outcome('e1', first, at(3, 1), { outcome: 'resolved' });
    expect(night.sentence).toBe('Paged core-infra (globex-eu) after 84 ms, resolved at 03:01:01Z.');
  });

  it('is who took the page, and that it was closed there while the alert fires', () => {
    const night = aNight();
    night.page('e1', first, at(0));
    night.outcome('e1', first, at(0, 1), {});
    night.outcome('e1', first, at(3, 31), { outcome: 'acknowledged', at: at(3, 10) });
    const taken =
      'Paged core-infra (globex-eu) after 1.0 s; acknowledged by a responder at 03:01:10Z, read back at 03:01:31Z';
    expect(night.sentence).toBe(`${taken}.`);
    night.outcome('e1', first, at(9), { outcome: 'resolved', reason: 'closed-there' });
    const closed = `${taken}; closed by a responder at 03:07:00Z`;
    expect(night.sentence).toBe(`${closed} while the alert fires: its next trigger pages again.`);
    night.alert('e2', at(12), { transition: 'recovered' });
    expect(night.sentence).toBe(`${closed}.`);
  });

  it('says that the destination may show a page twice', () => {
    const night = aNight();
    night.page('e1', first, at(0));
    night.outcome('e1', first, at(0, 2), { attempts: 2, possibleDuplicate: true });
    expect(night.sentence).toBe('Paged core-infra (globex-eu) after 2.0 s, possibly twice.');
  });

  it('is why it paged nobody, with the nearest handle, and until when it may still page', () => {
    const night = new Night();
    night.alert('e1', at(0), { message: '@oncall-core-infr' });
    const nearest = { handle: '@oncall-core-infra', teamHandle: 'core-infra', connectionId: connection.connectionId };
    night.unrouted('e1', at(0), { nearest });
    const sentence = 'Not paged: no team has the handle @oncall-core-infr; nearest @oncall-core-infra';
    expect(night.trace.answer).toEqual({
      ...{ kind: 'not-paged', sentence: `${sentence}.` },
      cure: 'Correct the handle in the alert, or add on-call routing rules to the team in its destination.',
    });
    night.unrouted('e1', at(0, 1), { nearest, waitingUntil: at(20) });
    expect(night.sentence).toBe(`${sentence}; it pages late if it becomes known before 03:18:00Z.`);
    const recovered = new Night();
    recovered.alert('e1', at(0), { message: '@oncall-core-infr' });
    recovered.unrouted('e1', at(0), { nearest, waitingUntil: at(20) });
    recovered.resolve('e2', at(5));
    expect(recovered.sentence).toBe(`${sentence}.`);
    // It became known.
    night.page('e1', first, at(10), { handle: '@oncall-core-infr' });
    night.outcome('e1', first, at(10, 1), {});
    expect(night.sentence).toBe('Paged core-infra (globex-eu) after 10 min.');
  });

  it('is what a page waits for, when it is tried next, and when it is given up', () => {
    const night = aNight();
    night.page('e1', first, at(0, 10));
    expect(night.sentence).toBe('Waiting since 02:58:10Z: page-delivery has not written a result yet.');
    night.report(at(1), 'credential-fault');
    const failed = { outcome: 'retried' as const, reason: 'credential', nextAttemptAt: at(15), givenUpAt: at(240) };
    night.outcome('e1', first, at(1), failed);
    expect(night.trace.answer).toEqual({
      kind: 'waiting',
      sentence: 'Waiting since 02:58:10Z: Globex EU rejects the keys; next attempt 03:13:00Z, given up at 06:58:00Z.',
      cure: 'Replace the keys of the connection.',
    });
    night.report(at(2), 'repaired');
    night.outcome('e1', first, at(2), { ...failed, attempts: 2, reason: 'timeout', nextAttemptAt: at(3) });
    expect(night.sentence).toBe(
      'Waiting since 02:58:10Z: Globex EU does not answer; next attempt 03:01:00Z, given up at 06:58:00Z.',
    );
    night.outcome('e1', first, at(240), {
      outcome: 'undeliverable',
      attempts: 9,
      reason: 'too-old',
      detail: 'It is old.',
    });
    expect(night.sentence).toBe('Not paged core-infra (globex-eu): given up after 9 attempts: It is old.');
  });

  it('is of the page that a later event joined', () => {
    const night = aNight();
    night.page('e1', first, at(0));
    night.outcome('e1', first, at(0, 1), {});
    night.alert('e2', at(5), { transition: 'retriggered' });
    night.page('e2', second, at(5));
    night.outcome('e2', second, at(5), { outcome: 'joined', joinedPageId: first });
    expect(night.sentence).toBe('Joined the open page of core-infra (globex-eu), which was paged at 02:58:01Z.');
  });

  it('is of the backup where that was paged', () => {
    const night = aNight();
    night.page('e1', first, at(0));
    night.outcome('e1', first, at(0, 5), { outcome: 'retried', reason: 'timeout' });
    const { connectionId } = other;
    const failoverOf = { pageId: first, connectionId: connection.connectionId, teamId: 't', teamHandle: 'core-infra' };
    night.outcome('e1', second, at(1), { connectionId, teamHandle: 'core', failoverOf });
    night.outcome('e1', first, at(1), { outcome: 'superseded', reason: 'failed-over' });
    expect(night.sentence).toBe('Paged core (initech-ap), as the backup, after 1 min.');
  });

  it('is of each handle, those that paged nobody first', () => {
    const night = new Night();
    night.alert('e1', at(0), { message: '@oncall-core-infra @oncall-core-infr' });
    night.page('e1', first, at(0));
    night.outcome('e1', first, at(0, 1), {});
    night.unrouted('e1', at(0));
    expect(night.trace.answer).toEqual({
      kind: 'paged',
      sentence:
        '1 of 2 handles paged. @oncall-core-infr: not paged: no team has the handle @oncall-core-infr; @oncall-core-infra: paged core-infra (globex-eu) after 1.0 s.',
      cure: '@oncall-core-infr: Correct the handle in the alert, or add on-call routing rules to the team in its destination.',
    });
  });

  it('is that nobody was named, that the alert is a dead letter, or that it is not read yet', () => {
    const night = new Night();
    night.alert('e1', at(0), { message: 'disk full' });
    expect(night.sentence).toBe('Not paged: the alert names no @oncall- handle.');
    const old = aNight();
    old.lags = [{ service: 'page-routing', topic: Alerts.card.topic, partition: 0, before: 0, position: 0 }];
    expect(old.sentence).toBe(
      'Waiting since 02:58:00Z: page-routing has not read it yet: it is 1 record behind on paging.alerts.v1.',
    );
    expect(old.trace.missing).toEqual(['page-routing has not read 1 of these records on paging.alerts.v1 yet.']);
    old.lags = [];
    old.deadLetter(Alerts.card.topic, 0, at(1), 'too-old');
    expect(old.sentence).toBe('Not paged: the alert is a dead letter (too-old). It is 7 h old.');
  });

  it('is of what the topics still have, if the alert and its command are gone', () => {
    const night = new Night();
    night.outcome('e1', first, at(0, 1), {});
    night.outcome('e1', first, at(5), { outcome: 'resolved' });
    expect(night.sentence).toBe('Paged core-infra (globex-eu) at 02:58:01Z, resolved at 03:03:00Z.');
    const joined = aNight();
    joined.page('e1', second, at(0));
    joined.outcome('e1', second, at(0), { outcome: 'joined', joinedPageId: first });
    expect(joined.sentence).toContain(`it joined page ${first}, whose records have expired.`);
  });

  it('is that the record of the alert cannot be read, also after one that paged', () => {
    const night = aNight();
    night.page('e1', first, at(0));
    night.outcome('e1', first, at(1), {});
    night.garbage(Alerts.card.topic, at(5));
    expect(night.sentence).toMatch(/^Not paged: the record of the alert is unreadable: not-json/);
    night.deadLetter(Alerts.card.topic, 1, at(5), 'not-json');
    expect(night.sentence).toBe('Not paged: the alert is a dead letter (not-json). It is 7 h old.');
  });

  it('is of the backup that was paged, if an event joined the page that it backs', () => {
    const night = aNight();
    night.page('e1', first, at(0));
    night.alert('e2', at(1), { transition: 'retriggered' });
    night.page('e2', second, at(1));
    night.outcome('e2', second, at(1), { outcome: 'joined', joinedPageId: first });
    const { connectionId } = other;
    const failoverOf = { pageId: first, connectionId: connection.connectionId, teamId: 't', teamHandle: 'core-infra' };
    night.outcome('e1', 'page-0000000000003', at(2), { connectionId, teamHandle: 'core', failoverOf });
    night.outcome('e1', first, at(2), { outcome: 'superseded', reason: 'failed-over' });
    expect(night.sentence).toBe('Joined the open page of core (initech-ap), which was paged at 03:00:00Z.');
  });

  it('is of the last firing, if a producer gives several the same id', () => {
    const night = aNight();
    night.page('e1', first, at(0));
    night.outcome('e1', first, at(1), {});
    night.resolve('e1', at(2));
    night.alert('e1', at(10), { message: '@oncall-core-infr' });
    night.unrouted('e1', at(10));
    expect(night.sentence).toBe('Not paged: no team has the handle @oncall-core-infr.');
  });

  it('is that a command became a dead letter, and what its replay became', () => {
    const night = aNight();
    night.page('e1', first, at(0));
    night.deadLetter(PageCommands.card.topic, 0, at(1), 'ledger-unreadable');
    expect(night.sentence).toBe(
      'Not paged core-infra (globex-eu): its command is a dead letter (ledger-unreadable). It is 7 h old.',
    );
    const replayed = aNight();
    replayed.page('e1', first, at(0));
    const givenUp = { outcome: 'undeliverable' as const, reason: 'too-old', detail: 'Old.' };
    replayed.outcome('e1', first, at(1), { outcome: 'retried', reason: 'timeout', nextAttemptAt: at(2) });
    replayed.outcome('e1', first, at(3), givenUp);
    replayed.page('e1', first, at(5), {}, { 'x-replayed-from': 'paging.page-commands.v1.dead/0/0' });
    expect(replayed.sentence).toBe('Waiting since 03:03:00Z: page-delivery has not written a result yet.');
    replayed.outcome('e1', first, at(6), { ...givenUp, reason: 'rejected', detail: 'No such team.' });
    expect(replayed.sentence).toBe('Not paged core-infra (globex-eu): given up after 1 attempts: No such team.');
  });

  it('counts as handles what page-routing counts, and misses none that has no record', () => {
    const night = new Night();
    night.alert('e1', at(0), { message: 'x', recipients: ['slack-ops', 'ada@example.com'] });
    expect(night.sentence).toBe('Not paged: the alert names no @oncall- handle.');
    const parked = new Night();
    parked.alert('e1', at(0), { message: '@oncall-core-infra @oncall-network' });
    parked.page('e1', first, at(0));
    parked.outcome('e1', first, at(1), {});
    parked.deadLetter(Alerts.card.topic, 0, at(1), 'unwritable');
    expect(parked.sentence).toMatch(/^1 of 2 handles paged. @oncall-network: not paged: the alert is a dead letter/);
  });

  it('has the date of a time that is not near', () => {
    const night = aNight();
    night.page('e1', first, at(0));
    night.outcome('e1', first, at(0, 1), {});
    night.outcome('e1', first, at(3 * 24 * 60), { outcome: 'resolved' });
    expect(night.sentence).toBe('Paged core-infra (globex-eu) after 1.0 s, resolved at 2026-12-03 02:58:00Z.');
  });

  it('is that nothing is known', () => {
    const night = new Night();
    night.keptSince.set(Alerts.card.topic, at(0));
    const sentence =
      'Alert not found: no record has this key, or its records are older than the retention of the topics.';
    expect(night.trace.answer).toEqual({ kind: 'unknown', sentence });
    expect(night.trace.missing).toEqual([
      'Records of paging.alerts.v1 before 2026-11-30T02:58:00.000Z have expired, so earlier records of the alert may be missing.',
    ]);
  });
});

describe('a trace', () => {
  it('names the attempts that left no outcome', () => {
    const night = aNight();
    night.page('e1', first, at(0));
    for (const attempts of [1, 2, 5])
      night.outcome('e1', first, at(attempts), { outcome: 'retried', reason: 'server', attempts });
    night.outcome('e1', first, at(6), { attempts: 6 });
    expect(night.trace.missing).toEqual([
      `Attempt 3, 4 of page ${first} has no outcome, as after a crash of page-delivery.`,
    ]);
  });

  it('shows the reports about a connection that a page waited for', () => {
    const night = new Night();
    night.report(at(-10), 'credential-fault');
    night.report(at(-9), 'repaired');
    night.alert('e1', at(0));
    night.page('e1', first, at(0));
    night.report(at(1), 'repaired');
    night.report(at(2), 'credential-fault');
    night.report(at(3), 'repaired');
    night.outcome('e1', first, at(4), {});
    night.report(at(5), 'credential-fault');
    const reports = night.trace.hops.filter(({ kind }) => kind === 'report');
    expect(reports.map((hop) => hop.at)).toEqual([at(2), at(3)]);
  });

  it('is the same whatever the order of its records, and if some are written twice', () => {
    const night = aNight();
    night.page('e1', first, at(0));
    night.outcome('e1', first, at(1), { outcome: 'retried', reason: 'server' });
    night.outcome('e1', first, at(1), { outcome: 'retried', reason: 'server' });
    night.outcome('e1', first, at(2), { attempts: 2 });
    night.outcome('e1', first, at(2), { attempts: 2 });
    expect(night.trace.events[0]?.handles[0]?.pages[0]?.outcomes).toHaveLength(2);
  });

  it('prints no character that a terminal obeys, whatever an alert says', () => {
    const night = new Night();
    night.alert('e1', at(0), { title: 'a\u001b[2Jb\nc\u202ed', message: 'x' });
    expect(textOfTrace(night.trace, false).split('\n')[0]).toBe('acme-us monitor-4 "a\\u001b[2Jb\\u000ac\\u202ed"');
  });

  it('prints each record in words, with its place if asked, and the answer last', () => {
    const night = aNight();
    night.page('e1', first, at(0, 0, 21));
    const call = { durationMs: 12, status: 202 };
    night.outcome('e1', first, at(0, 0, 84), { destinationPageId: 'D1', call });
    expect(textOfTrace(night.trace, true).split('\n')).toEqual([
      'acme-us monitor-4 "Latency"',
      '2026-11-30, times in UTC',
      '02:58:00.000  o alert triggered by a monitor, occurred at 02:58:00Z  paging.alerts.v1/0/0',
      `      +21 ms  o @oncall-core-infra -> core-infra over globex-eu, exact, urgency high: page ${first}  paging.page-commands.v1/0/0`,
      '      +84 ms  v core-infra (globex-eu) paged by attempt 1 (202, 12 ms), destination page D1  paging.page-outcomes.v1/0/0',
      'Complete.',
      'Paged core-infra (globex-eu) after 84 ms.',
      '',
    ]);
  });
});
