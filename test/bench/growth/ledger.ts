import { type AlertState, PageStates } from '@pagebridge/contracts';
import { waitFor } from '@pagebridge/testing';
import { alertIdentity } from '@pagebridge/vocabulary';
import { type Contender, type Figures, withResource } from '../harness/bench.ts';
import { mebibytesOf } from '../harness/memory.ts';
import type { Testbed } from '../harness/testbed.ts';
import { nowMs } from '../page-path/alerts.ts';
import { PagePath } from '../page-path/page-path.ts';
import { uuidOf } from '../page-path/world.ts';

export const ledgerOf = (identities: number): string => `ledger, ${identities} alerts`;

const atOnce = 5_000;

/** Writes a ledger of this number of alerts, each with a delivered page. */
async function open(testbed: Testbed, identities: number): Promise<PagePath> {
  const path = await PagePath.on(testbed, []);
  await testbed.progress.step(`writing a ledger of ${identities} alerts`, async () => {
    for (let from = 0; from < identities; from += atOnce) {
      const length = Math.min(atOnce, identities - from);
      await path.publish(Array.from({ length }, (_, index) => stateRecord(from + index)));
    }
  });
  return path;
}

/** Measures how long a new owner takes to restore the ledger. */
async function measure(path: PagePath, identities: number): Promise<Figures> {
  const startedAt = nowMs();
  const owner = await path.start('page-delivery');
  const metrics = `http://127.0.0.1:${owner.spec.env?.MANAGEMENT_PORT}/metrics`;
  await waitFor('the whole ledger in memory', async () => (await alertsIn(metrics)) >= identities, {
    withinMs: 300_000,
    everyMs: 50,
  });
  const seconds = (nowMs() - startedAt) / 1000;
  const mebibytes = mebibytesOf(owner.pid);
  await owner.stop();
  return { seconds, mebibytes };
}

async function alertsIn(metrics: string): Promise<number> {
  const text = await (await fetch(metrics)).text();
  return Number(/^pagebridge_ledger_alerts(?:\{\S*\})? (\d+)/m.exec(text)?.[1] ?? 0);
}

function stateRecord(number: number) {
  const sourceOrg = `org-${number % 20}`;
  const alertKey = `monitor-${number}:host:backend`;
  const time = '2026-01-01T00:00:00.000Z';
  const state: AlertState = {
    sourceOrg,
    alertKey,
    ownerEpoch: 1,
    lastEventAt: time,
    // The time must be recent: page-delivery removes old states.
    updatedAt: new Date().toISOString(),
    pages: [
      {
        pageId: uuidOf('page', alertKey).replaceAll('-', ''),
        connectionId: uuidOf('connection', sourceOrg),
        teamId: uuidOf('team', sourceOrg),
        teamHandle: 'core-infra',
        urgency: 'high',
        status: 'delivered',
        alertEventId: `${alertKey}/1`,
        occurredAt: time,
        triggeredAt: time,
        acceptedAt: time,
        attempts: 1,
        resolveAttempts: 0,
        nextAttemptAt: time,
        possibleDuplicate: false,
        destinationPageId: uuidOf('destination page', alertKey),
        deliveredAt: time,
        joined: [],
        unreported: [],
      },
    ],
  };
  return PageStates.encode(alertIdentity(sourceOrg, alertKey), { id: alertKey, source: '/bench', time }, state);
}

/** Measures time and memory of restoring a ledger; with 0 alerts, those of a start alone. */
export function ledgerContender(testbed: Testbed, identities: number): Contender {
  const apart = testbed.branch(`ledger-${identities}`);
  return withResource(
    ledgerOf(identities),
    () => open(apart, identities),
    (path) => measure(path, identities),
    (path) => path.close(),
  );
}
