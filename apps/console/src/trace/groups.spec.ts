import { describe, expect, it } from '@jest/globals';
import type { Alert, ConnectionReport, PageOutcome } from '@pagebridge/contracts';
import { traceOf } from '@pagebridge/trace';
import type { Hop } from '@pagebridge/trace/words';
import fc from 'fast-check';
import { firingsOf, folded, groupsOf } from './groups.ts';
import { remedyOf } from './remedy.ts';

const sourceOrg = 'acme-us';
const alertKey = 'monitor-4';
const connectionId = '0199c1de-7a2b-7c3d-8e4f-5a6b7c8d9e0f';
const time = (second: number): string => new Date(Date.UTC(2026, 10, 30, 3, 0, second)).toISOString();

/** A record at a second, which is its place, too. */
const hop = (topic: string, second: number) => ({ topic, partition: 0, offset: second, at: time(second) });
const told = (second: number, its: Partial<Alert> = {}): Hop => ({
  ...hop('paging.alerts.v1', second),
  ...{ kind: 'alert', eventId: `e${second}` },
  alert: {
    ...{ sourceOrg, alertKey, transition: 'triggered', origin: 'monitor', title: 'Latency', occurredAt: time(second) },
    ...{ message: '@oncall-core-infra', ...its },
  },
});
const commanded = (second: number, event = 0): Hop => ({
  ...hop('paging.page-commands.v1', second),
  kind: 'page',
  command: {
    ...{ kind: 'page', pageId: `p${event}`, sourceOrg, alertKey, alertEventId: `e${event}`, transition: 'triggered' },
    ...{ occurredAt: time(event), connectionId, teamId: 't', teamHandle: 'core-infra', handle: '@oncall-core-infra' },
    ...{ matched: 'exact', urgency: 'high', title: 'Latency', description: '', tags: [], links: [] },
  },
});
const outcome = (second: number, its: Partial<PageOutcome>, event = 0): Hop => ({
  ...hop('paging.page-outcomes.v1', second),
  kind: 'outcome',
  outcome: {
    ...{ sourceOrg, alertKey, alertEventId: `e${event}`, pageId: `p${event}`, connectionId, teamHandle: 'core-infra' },
    ...{ outcome: 'delivered', at: time(second), attempts: 1, possibleDuplicate: false, ...its },
  },
});
const reported = (second: number, its: Partial<ConnectionReport> = {}): Hop => ({
  ...hop('paging.connection-reports.v1', second),
  kind: 'report',
  report: {
    ...{ kind: 'credential-fault', connectionId, sourceOrg, reportedBy: 'page-delivery', credentialRevision: 1 },
    ...{ at: time(second), detail: '403', ...its },
  } as ConnectionReport,
});
const letter = (second: number, of: Hop): Hop => ({
  ...hop(`${of.topic}.dead`, second),
  kind: 'dead-letter',
  letter: { of, reason: 'rejected', detail: 'It is 7 h old.' },
});

const traced = (...hops: readonly Hop[]) => {
  const sources = { sourceOrg, alertKey, hops, connections: new Map(), missing: [], keptSince: new Map() };
  return traceOf(sources, [], new Date(time(50)));
};
const failed = (second: number, attempts: number, reason = 'forbidden') =>
  outcome(second, { outcome: 'retried', reason, attempts, nextAttemptAt: time(second + 1) });

describe('the records of a trace', () => {
  it('stand under their event or their handle', () => {
    const { events, hops } = traced(told(0), commanded(1), reported(2), failed(3, 1), outcome(4, { attempts: 2 }));
    const groups = groupsOf(events, hops);
    expect(groups.map(({ handle, hops: its }) => [handle?.handle, its.map(({ kind }) => kind)])).toEqual([
      [undefined, ['alert']],
      ['@oncall-core-infra', ['page', 'report', 'outcome', 'outcome']],
    ]);
  });

  it('are all shown once, whatever the trace has', () => {
    const second = fc.integer({ min: 0, max: 40 });
    const any = fc.oneof(
      second.map((at) => told(at)),
      second.map((at) => told(at, { transition: 'recovered' })),
      fc.tuple(second, fc.integer({ min: 0, max: 3 })).map(([at, event]) => commanded(at, event)),
      fc.tuple(second, fc.integer({ min: 0, max: 3 })).map(([at, event]) => outcome(at, {}, event)),
      second.map((at) => letter(at, commanded(1))),
      second.map((at) => reported(at)),
      second.map((at) => ({ ...hop('paging.alerts.v1', at), kind: 'unreadable' as const, detail: 'no JSON' })),
    );
    const unique = fc.uniqueArray(any, { selector: ({ topic, offset }) => `${topic} ${offset}`, minLength: 1 });
    fc.assert(
      fc.property(unique, (records) => {
        const { events, hops } = traced(...records);
        if (events.length === 0) return;
        const shown = groupsOf(events, hops).flatMap(({ hops: its }) => its);
        expect(new Set(shown)).toEqual(new Set(hops));
        expect(shown.length).toBe(hops.length);
      }),
    );
  });

  it('make a firing from a trigger to its recovery', () => {
    const recovered = { transition: 'recovered' } as const;
    const { events } = traced(told(0), told(1, recovered), told(2), told(3), told(4, recovered), told(5));
    expect(firingsOf(events).map((its) => its.map(({ eventId }) => eventId))).toEqual([
      ...[['e0', 'e1'], ['e2', 'e3', 'e4'], ['e5']],
    ]);
  });

  it('are folded where attempts fail alike, after the first', () => {
    const hops = [failed(1, 1), failed(2, 2), failed(3, 3), failed(4, 4, 'timeout'), failed(5, 5, 'timeout')];
    expect(folded(hops)).toEqual([hops[0], { hops: hops.slice(1, 3) }, hops[3], hops[4]]);
  });
});

describe('the remedy', () => {
  const remedyFor = (...hops: readonly Hop[]) => {
    const trace = traced(...hops);
    return remedyOf(trace.events);
  };

  it('of refused keys is to replace them, and of a missing permission to add it', () => {
    const waiting = [told(0), commanded(1), failed(3, 1)];
    expect(remedyFor(...waiting, reported(2))).toEqual({ kind: 'replace-keys', connectionId });
    const lacking = reported(2, { missingPermission: 'on_call_page' });
    expect(remedyFor(...waiting, lacking)).toEqual({ kind: 'check-again', connectionId });
    expect(remedyFor(...waiting)).toEqual({ kind: 'check-again', connectionId });
  });

  it('of an unknown handle is the nearest one, in the text of the alert', () => {
    const message = 'Disk full @oncall-core-infr';
    const unrouted = {
      ...{ sourceOrg, alertKey, alertEventId: 'e0', title: '', occurredAt: time(0), handle: '@oncall-core-infr' },
      ...{ reason: 'unknown-handle' as const, detail: 'unknown' },
      nearest: { handle: '@oncall-core-infra', teamHandle: 'core-infra', connectionId },
    };
    const hops: Hop[] = [told(0, { message }), { ...hop('paging.unrouted-handles.v1', 1), kind: 'unrouted', unrouted }];
    expect(remedyFor(...hops)).toEqual({
      ...{ kind: 'use-nearest', handle: '@oncall-core-infra', message: 'Disk full @oncall-core-infra' },
    });
  });

  it('of a dead letter is its replay, and of a page that is there none', () => {
    const dead = [told(0), commanded(1), letter(2, commanded(1))];
    expect(remedyFor(...dead)).toEqual({ kind: 'replay', topic: 'paging.page-commands.v1' });
    expect(remedyFor(told(0), commanded(1), outcome(2, {}))).toBeUndefined();
  });
});
