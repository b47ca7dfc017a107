import { describe, expect, it } from '@jest/globals';
import { Alerts, maxValueBytes } from '@pagebridge/contracts';
import { aNight, at, connection, first, Night } from './night.fixtures.ts';
import { packed, unpacked } from './packed.ts';
import { textOfTrace } from './text.ts';

const { topic } = Alerts.card;
const refused = { outcome: 'retried', reason: 'credential', nextAttemptAt: at(15), givenUpAt: at(240) } as const;
const ofSync = { reportedBy: 'handle-sync', missingPermission: 'teams_read' } as const;

/** A page that the destination refuses with 401, while handle-sync lacks the permission to list teams. */
function aRefusal(): Night {
  const night = aNight();
  night.page('e1', first, at(0, 10));
  night.outcome('e1', first, at(1), refused);
  night.report(at(1, 1), 'credential-fault');
  night.report(at(2), 'credential-fault', ofSync);
  return night;
}

describe('the cause of a waiting page', () => {
  it('is what page-delivery reports, whatever handle-sync lacks', () => {
    const night = aRefusal();
    expect(night.trace.answer).toMatchObject({
      sentence: expect.stringContaining('Globex EU rejects the keys; next attempt'),
      cure: 'Replace the keys of the connection.',
    });
    expect(night.trace.hops.filter(({ kind }) => kind === 'report')).toHaveLength(2);
    night.report(at(3), 'repaired', { reportedBy: 'handle-sync' });
    expect(night.sentence).toContain('Globex EU rejects the keys;');
  });

  it('is the last call for it once that failed in another way', () => {
    const night = aRefusal();
    night.outcome('e1', first, at(5), { ...refused, attempts: 2, reason: 'timeout' });
    expect(night.trace.answer).toMatchObject({
      sentence: expect.stringContaining('Globex EU does not answer;'),
      cure: 'Check the destination and the network between.',
    });
    night.outcome('e1', first, at(6), { ...refused, attempts: 3, reason: 'forbidden' });
    expect(night.trace.answer).toMatchObject({
      sentence: expect.stringContaining('Globex EU rejects the keys;'),
      cure: expect.stringMatching(/^Check the scopes of the application key/),
    });
  });

  it('is a fault that was found after its last call, unless that fault only concerns resolves', () => {
    const night = aNight();
    night.page('e1', first, at(0, 10));
    night.outcome('e1', first, at(1), { ...refused, reason: 'timeout' });
    night.report(at(2), 'credential-fault', { missingPermission: 'on_call_respond' });
    expect(night.sentence).toContain('does not answer');
    night.report(at(3), 'credential-fault', { missingPermission: 'on_call_page' });
    expect(night.trace.answer).toMatchObject({
      sentence: expect.stringContaining('rejects the keys: on_call_page is missing'),
      cure: "Add on_call_page to the service account's role in the destination org.",
    });
  });

  it('is no fault of keys that were replaced or have passed a check since', () => {
    const { revision, checkedAt } = connection.credential;
    const causeWith = (credential: { revision: number; checkedAt: string }) => {
      const night = aNight();
      night.page('e1', first, at(0, 10));
      night.outcome('e1', first, at(0, 50), refused);
      night.report(at(1), 'credential-fault');
      return night.tracedWith({ ...connection, credential: { ...connection.credential, ...credential } }).answer
        .sentence;
    };
    expect(causeWith({ revision, checkedAt })).toContain('rejects the keys');
    expect(causeWith({ revision: revision + 1, checkedAt: at(2) })).toContain('accepts the keys again');
    expect(causeWith({ revision, checkedAt: at(2) })).toContain('accepts the keys again');
    const night = aRefusal();
    night.report(at(3), 'repaired');
    expect(night.trace.answer).toEqual({
      kind: 'waiting',
      sentence: expect.stringContaining('Globex EU accepts the keys again, and has not been called since;'),
    });
  });
});

describe('a trace', () => {
  it.each([
    ['all that is known is a recovery', (night: Night) => night.alert('e1', at(0), { transition: 'recovered' })],
    ['the trigger of a page is gone', (night: Night) => night.outcome('e0', first, at(0), { outcome: 'resolved' })],
    ['nothing is known', () => undefined],
  ])('is not complete if %s, as the past may be gone', (_case, given) => {
    const night = new Night();
    given(night);
    expect(textOfTrace(night.trace, false)).toContain('Complete.');
    night.keptSince.set(topic, at(-60));
    expect(textOfTrace(night.trace, false)).toContain(`Records of ${topic} before ${at(-60)}`);
  });

  it('says that nobody is paged once page-routing has read an alert and written nothing', () => {
    const night = aNight();
    night.lags = [{ service: 'page-routing', topic, partition: 0, before: 0, position: 0 }];
    expect(night.trace.answer.kind).toBe('waiting');
    night.lags = [{ service: 'page-routing', topic, partition: 0, before: 0, position: 1 }];
    expect(night.trace.answer.kind).toBe('waiting');
    night.lags = [{ service: 'page-routing', topic, partition: 0, before: 1, position: 1 }];
    expect(night.trace.answer).toEqual({
      kind: 'not-paged',
      sentence: expect.stringContaining('page-routing read the alert but wrote no result'),
      cure: 'Look for dead letters without a key in the same partition.',
    });
    night.mayLackRouting = true;
    expect(night.trace.answer.kind).toBe('unknown');
  });

  it('does not take a handle for one of the same team while what page-routing wrote may be missing', () => {
    const night = new Night();
    night.alert('e1', at(0), { message: '@oncall-core-infra @oncall-infra' });
    night.page('e1', first, at(0));
    night.outcome('e1', first, at(0, 1), {});
    night.missing.push('1 record of this time could not be read.');
    expect(night.sentence).toMatch(/^Paged core-infra/);
    night.mayLackRouting = true;
    expect(night.trace.answer).toEqual({
      kind: 'paged',
      sentence: expect.stringContaining('@oncall-infra: unknown: records of page-routing may be missing'),
    });
  });

  it('travels with each record once, and arrives as it was', () => {
    const night = aRefusal();
    night.outcome('e1', first, at(5), {});
    const { trace } = night;
    const sent = JSON.stringify(packed(trace));
    expect(sent.split('"attempts":').length).toBe(JSON.stringify(trace.hops).split('"attempts":').length);
    expect(unpacked(JSON.parse(sent))).toEqual(JSON.parse(JSON.stringify(trace)));
  });

  it('has at most 32 MiB, whatever a thousand records of 8 MiB say', () => {
    const count = 1000;
    const handles = Array.from({ length: 100 }, (_, index) => `@oncall-${'t'.repeat(60)}${index}`).join(' ');
    const message = handles.padEnd((8 * 1024 * 1024) / count, ' x');
    expect(message.length).toBeLessThan(maxValueBytes);
    const night = new Night();
    for (let index = 0; index < count; index += 1) night.alert(`e${index}`, at(index), { message });
    const { trace } = night;
    expect(trace.events.at(-1)?.handles).toHaveLength(100);
    expect(Buffer.byteLength(JSON.stringify(packed(trace)))).toBeLessThan(32 * 1024 * 1024);
  });

  it('shows no credential of a connection', () => {
    expect(JSON.stringify(aRefusal().trace)).not.toContain(connection.credential.sealed);
  });
});
