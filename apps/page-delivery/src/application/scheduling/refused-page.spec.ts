import { describe, expect, it } from '@jest/globals';
import type { PageCommand } from '@pagebridge/contracts';
import fc from 'fast-check';
import { aPage, received } from '../../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, type Call, created, failed, type Setup } from '../fakes.fixtures.ts';
import type { CallResult, Diagnosis } from '../ports.ts';

const forbidden = failed({ cause: 'forbidden', detail: 'POST /api/v2/on-call/pages answered 403: Forbidden' });
const missing = { kind: 'accepted', missing: { create: 'on_call_page' } } as const;

/** A destination that answers after 100 ms, at first with 403 for the team `closed`. */
const running = (setup: Setup = {}) => {
  const process = aProcess({ concurrency: 4, ...setup });
  const connection = process.connect();
  process.own();
  const answers = { to: (call: Call): CallResult => (call.teamId === 'closed' ? forbidden : created(call.pageId)) };
  const { calls } = process.destination;
  const push = calls.push.bind(calls);
  calls.push = (...made) => {
    for (const call of made) process.clock.after(100, () => void call.answer(answers.to(call)));
    return push(...made);
  };
  let alerts = 0;
  const take = async (count: number, its: Partial<PageCommand> = {}) => {
    const pages = Array.from({ length: count }, () => aPage({ alertKey: `alert-${alerts++}`, ...its }));
    await process.delivery.handle(
      0,
      pages.map((page) => received(page)),
    );
    await process.clock.advance(0);
    return pages;
  };
  const callsFor = (teamId: string) => calls.filter((call) => call.teamId === teamId);
  const statuses = () => [...process.log.read(0).values()].flatMap(({ pages }) => pages.map(({ status }) => status));
  return { ...process, connection, answers, calls, take, callsFor, statuses };
};
const minutes = 60_000;

describe('a page that its destination refuses with 403 although the credential is good', () => {
  it.each([1, 5, 20, 200])('delays no other page, also if there are %i such pages', async (count) => {
    const process = running();
    await process.take(count, { teamId: 'closed' });
    await process.clock.advance(5 * minutes);
    for (let n = 0; n < 5; n += 1) {
      await process.take(1, { teamId: `well-${n}` });
      await process.clock.advance(2000);

      expect(process.callsFor(`well-${n}`)).toHaveLength(1);
      await process.clock.advance(1 * minutes);
    }
  });

  it('is retried with backoff, and given up at its maximum age', async () => {
    const process = running({ policy: { maxAgeMs: 20 * minutes } });
    const [page] = await process.take(1, { teamId: 'closed' });
    process.delivery.start();
    await process.clock.advance(10 * minutes);
    expect(process.calls.length).toBeGreaterThan(10);
    expect(process.calls.length).toBeLessThan(20);

    await process.clock.advance(11 * minutes);
    expect(process.log.outcomesOf(page?.pageId ?? '').at(-1)).toBe('undeliverable');
    expect(process.reports).toEqual([]);
  });

  it('fails over after the configured number of failures', async () => {
    const process = running();
    const backup = { connectionId: '00000000-0000-4000-8000-00000000000b', teamId: 'backup', teamHandle: 'backup' };
    process.connect({ connectionId: backup.connectionId });
    await process.take(1, { teamId: 'closed', failover: { ...backup, afterFailures: 3 } });
    await process.clock.advance(10_000);

    expect(process.callsFor('backup')).toHaveLength(1);
  });

  it('causes few diagnoses of the credential, one at a time', async () => {
    const process = running();
    const { promise, resolve } = Promise.withResolvers<{ kind: 'unknown' }>();
    process.destination.diagnosis = promise;
    await process.take(20, { teamId: 'closed' });
    await process.take(1, { teamId: 'well' });
    await process.clock.advance(20_000);
    expect(process.destination.diagnoses).toBe(1);
    expect(process.callsFor('well')).toHaveLength(1);

    resolve({ kind: 'unknown' });
    await process.clock.advance(1 * minutes);
    expect(process.destination.diagnoses).toBeLessThanOrEqual(5);
  });

  it('delays no page although its user seems to lack the permission, and the next page that is served ends the report', async () => {
    const process = running();
    process.destination.diagnosis = missing;
    await process.take(1, { teamId: 'closed' });
    await process.clock.advance(3000);
    expect(process.reports).toHaveLength(1);
    await process.take(20, { teamId: 'well' });
    await process.clock.advance(1000);

    expect(process.callsFor('well')).toHaveLength(20);
    expect(process.reports.at(-1)).toBe('repaired');
  });
});

describe('a credential that its destination refuses with 403', () => {
  it('is reported once, when its user confirms the refusal, and called again once a second at most', async () => {
    const process = running();
    process.answers.to = () => forbidden;
    process.destination.diagnosis = missing;
    await process.take(100);
    await process.clock.advance(10 * minutes);

    expect(process.calls.length).toBeLessThanOrEqual(100 + 10 * 60);
    expect(process.reports).toHaveLength(1);
    expect(process.reports[0]).toContain('credential-fault on_call_page');
  });

  it('is at fault, although the diagnosis is good, when several pages in a row are refused and none is served', async () => {
    const process = running();
    process.answers.to = () => forbidden;
    await process.take(100);
    await process.clock.advance(10 * minutes);
    expect(process.reports).toHaveLength(1);
    expect(process.lanes.refused()).toHaveLength(1);

    process.answers.to = () => created();
    await process.clock.advance(2 * minutes);
    expect(new Set(process.statuses())).toEqual(new Set(['delivered']));
    expect(process.reports).toHaveLength(2);
    expect(process.reports[1]).toBe('repaired');
  });

  it('is not at fault if single pages are refused between others that are served', async () => {
    const process = running();
    for (let n = 0; n < 20; n += 1) {
      await process.take(1, { teamId: 'closed' });
      await process.take(1, { teamId: 'well' });
      await process.clock.advance(10_000);
    }

    expect(process.reports).toEqual([]);
  });

  it('is reported again when it is refused again after a rotation, or after a check that it passed', async () => {
    const process = running();
    process.answers.to = () => forbidden;
    process.destination.diagnosis = { kind: 'refused' };
    await process.take(20);
    await process.clock.advance(1 * minutes);
    expect(process.reports).toHaveLength(1);

    const { credential } = process.connection;
    process.connect({ version: 2, credential: { ...credential, revision: credential.revision + 1 } });
    await process.clock.advance(1 * minutes);
    expect(process.reports).toHaveLength(2);

    const checked = { ...credential, revision: credential.revision + 1, checkedAt: '2026-01-31T12:30:00.000Z' };
    process.connect({ version: 3, credential: checked });
    await process.clock.advance(1 * minutes);
    expect(process.reports).toHaveLength(3);

    process.connect({ version: 4, name: 'Another name', credential: checked });
    await process.clock.advance(1 * minutes);
    expect(process.reports).toHaveLength(3);
    expect(process.reports).not.toContain('repaired');
  });

  it('releases all pages at once after a rotation, and late refusals of the former credential do not count', async () => {
    const process = running();
    process.answers.to = () => forbidden;
    process.destination.diagnosis = { kind: 'refused' };
    await process.take(4);
    await process.clock.advance(10 * minutes);
    process.answers.to = () => created();
    process.connect({ version: 2, credential: { ...process.connection.credential, revision: 9 } });
    await process.clock.advance(200);

    expect(process.statuses()).toEqual(['delivered', 'delivered', 'delivered', 'delivered']);
    expect(process.reports).toHaveLength(2);
    expect(process.reports[1]).toBe('repaired');
  });
});

type Step =
  | { do: 'page'; team: string }
  | { do: 'wait'; seconds: number }
  | { do: 'answer'; refuses: 'some' | 'all' | 'credential' }
  | { do: 'diagnosis'; diagnosis: Diagnosis }
  | { do: 'rotate' };

const good: Diagnosis = { kind: 'accepted', missing: {} };
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('closed', 'well').map((team) => ({ do: 'page' as const, team })) },
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 90 }).map((seconds) => ({ do: 'wait' as const, seconds })) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('some' as const, 'all' as const, 'credential' as const)
      .map((refuses) => ({ do: 'answer' as const, refuses })),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom<Diagnosis>(good, missing, { kind: 'refused' }, { kind: 'unknown' })
      .map((diagnosis) => ({ do: 'diagnosis' as const, diagnosis })),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'rotate' as const }) },
);

describe('for any refusals and any diagnoses,', () => {
  it('every page is sent soon after the refusals end, and the last report is not a credential fault', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 30 }), async (history) => {
        const process = running();
        const { credential } = process.connection;
        let version = 1;
        for (const step of history) {
          if (step.do === 'page') await process.take(1, { teamId: step.team });
          else if (step.do === 'wait') await process.clock.advance(step.seconds * 1000);
          else if (step.do === 'diagnosis') process.destination.diagnosis = step.diagnosis;
          else if (step.do === 'rotate') {
            version += 1;
            process.connect({ version, credential: { ...credential, revision: version } });
          } else {
            const refusal = step.refuses === 'credential' ? failed({ cause: 'credential' }) : forbidden;
            process.answers.to = ({ teamId }) => (step.refuses === 'some' && teamId !== 'closed' ? created() : refusal);
          }
        }
        process.answers.to = () => created();
        await process.clock.advance(3 * minutes);
        // One more page, whose call shows that the credential works.
        await process.take(1, { teamId: 'well' });
        await process.clock.advance(1 * minutes);

        expect(process.statuses().filter((status) => status !== 'delivered')).toEqual([]);
        expect(process.reports.at(-1) ?? 'repaired').toBe('repaired');
        expect([process.lanes.conditions(), process.lanes.refused()]).toEqual([{ open: 1, broken: 0 }, []]);
      }),
      { numRuns: 60 },
    );
  });
});
