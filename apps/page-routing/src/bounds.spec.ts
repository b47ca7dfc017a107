import { expect, it } from '@jest/globals';
import { type Alert, Alerts, type Event, maxValueBytes, PageCommands, UnroutedHandles } from '@pagebridge/contracts';
import { HandleRegistry, plainName } from '@pagebridge/handle-registry';
import type { OutgoingRecord } from '@pagebridge/kafka';
import { type Decision, decide } from '@pagebridge/routing';
import { aConnection, aHandle, atBounds } from '@pagebridge/testing';
import { mentionsOf } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import { outputOf } from './application/outputs.ts';
import { latePages, mayWait, waiting } from './domain/deferred-paging/late-pages.ts';

// The limit of the publisher for a batch, uncompressed, which is below the limit of any broker.
const maxBatchBytes = 900_000;
const batchAndRecordOverhead = 61 + 26;
const sizeOf = ({ key, value, headers }: OutgoingRecord): number =>
  [key ?? '', value ?? '', ...Object.entries(headers).flat()].reduce<number>(
    (sum, part) => sum + Buffer.byteLength(String(part)) + 10,
    batchAndRecordOverhead,
  );

const now = new Date('2026-06-01T00:00:00Z');
const sourceOrg = 's'.repeat(63);
const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const longHandle = 'h'.repeat(195);

/** A registry in which as many connections claim the longest handle as a command may name, each with a backup. */
const registry = new HandleRegistry();
const teamId = '😀'.repeat(64);
for (let n = 0; n < 103; n += 1) {
  const connectionId = uuid(n);
  const failover = { connectionId: uuid(n + 1), teamHandle: longHandle, afterFailures: 100, afterSeconds: 14_400 };
  const directory = `EU1/${'o'.repeat(120)}-${n}/account-1`;
  registry.applyConnection(connectionId, aConnection({ connectionId, sourceOrg, slug: `s${n}`, directory, failover }));
  registry.applyHandle(directory, teamId, aHandle({ directory, teamId, teamHandle: longHandle }));
}
const fallbackHandle = longHandle;
registry.applySourceOrg(sourceOrg, { sourceOrg, localHandles: ['mine'], fallbackHandle, version: 1 });

const mentions = [
  `@oncall-${'v'.repeat(200_000)}`,
  `@oncall-${longHandle}`,
  '@oncall-mine',
  ...Array.from({ length: 40 }, (_, n) => `@oncall-s${n}/${longHandle}`),
  ...Array.from({ length: 50 }, (_, n) => `@oncall-${n}${'u'.repeat(400)}`),
];
const message = fc
  .tuple(fc.subarray(mentions), fc.constantFrom(...['\u0001', '\ud800', '😀', '"', 'a']), fc.nat(30_000))
  .map(([some, unit, length]) => `${some.join(' ')} ${unit.repeat(length)}`);

/** Alert events that the contract accepts, including the largest. */
const anEvent = fc
  .tuple(atBounds<Alert>(Alerts.card.value), message, fc.constantFrom(...['\u0001', '😀', 'e']))
  .map(([alert, text, unit]) => {
    const attributes = { id: unit.repeat(256), source: unit.repeat(512), time: '2200-12-31T23:59:59.123456789-23:59' };
    const data = { ...alert, sourceOrg, message: text };
    return Alerts.decode(Alerts.encode('k', attributes, data));
  })
  .filter((read): read is { ok: true; event: Event<Alert> } => read.ok)
  .map(({ event }) => event);

const { topic } = Alerts.card;
const wait = {
  waitingUntil: '2200-12-31T23:59:59.123Z',
  alert: { topic, partition: 11, offset: Number.MAX_SAFE_INTEGER },
};

/** Returns all decisions that an alert may lead to, including those on waiting handles and late pages. */
function decisionsOn(event: Event<Alert>): Decision[] {
  const verdict = decide(event, registry, now);
  if (!verdict.ok) return [];
  const prompt = verdict.decisions.map((decision) =>
    mayWait(event.data, decision) ? waiting(decision, wait) : decision,
  );
  if (event.data.transition === 'recovered') return prompt;
  return [...prompt, ...latePages(event, new Set(mentionsOf(event.data).map(plainName)), registry, now)];
}

it('makes only records that can be written and read back, from any alert that the contract accepts', () => {
  fc.assert(
    fc.property(anEvent, (event) => {
      for (const decision of decisionsOn(event)) {
        const output = outputOf(event, decision);
        if (!output) continue;
        const attributes = { id: output.id, source: '/pagebridge/page-routing', time: now.toISOString() };
        const record = output.contract.encode(output.key, attributes, output.data);
        expect(Buffer.byteLength(record.value ?? '')).toBeLessThanOrEqual(maxValueBytes);
        expect(sizeOf(record)).toBeLessThanOrEqual(maxBatchBytes);
        expect(Buffer.from(record.key).toString('utf8')).toBe(output.key);
        const contract = output.topic === PageCommands.card.topic ? PageCommands : UnroutedHandles;
        expect(contract.decode(record)).toMatchObject({ ok: true, event: { data: output.data } });
      }
    }),
    { numRuns: 30 },
  );
});
