import { existsSync, readFileSync } from 'node:fs';
import { type AlertState, PageStates } from '@pagebridge/contracts';
import { waitFor } from '@pagebridge/testing';
import { alertIdentity } from '@pagebridge/vocabulary';
import type { Contender, Figures } from '../harness/bench.ts';
import type { Ground } from '../harness/ground.ts';
import { nowMs } from '../page-path/alerts.ts';
import { PagePath } from '../page-path/page-path.ts';
import { uuidOf } from '../page-path/world.ts';

export const ledgerOf = (identities: number): string => `ledger, ${identities} alerts`;

const atOnce = 5_000;

/** A ledger of so many alerts, each with a page that was delivered, and how long a new owner takes to know them. */
class Restoring {
  readonly #ground: Ground;
  readonly #identities: number;
  #path: PagePath | undefined;

  constructor(ground: Ground, identities: number) {
    this.#ground = ground;
    this.#identities = identities;
  }

  async open(): Promise<void> {
    this.#path = await PagePath.on(this.#ground, []);
    const path = this.#path;
    await this.#ground.progress.step(`writing a ledger of ${this.#identities} alerts`, async () => {
      for (let from = 0; from < this.#identities; from += atOnce) {
        const length = Math.min(atOnce, this.#identities - from);
        await path.publish(Array.from({ length }, (_, index) => stateRecord(from + index)));
      }
    });
  }

  async measure(): Promise<Figures> {
    if (!this.#path) throw new Error('not opened');
    const startedAt = nowMs();
    const process = await this.#path.start('page-delivery');
    const metrics = `http://127.0.0.1:${process.spec.env?.PORT}/metrics`;
    await waitFor('the whole ledger in memory', async () => (await alertsIn(metrics)) >= this.#identities, {
      withinMs: 300_000,
      everyMs: 50,
    });
    const seconds = (nowMs() - startedAt) / 1000;
    const mebibytes = residentKibibytes(process.pid) / 1024;
    await process.stop();
    return { seconds, mebibytes };
  }

  close = async (): Promise<void> => this.#path?.close();
}

async function alertsIn(metrics: string): Promise<number> {
  const text = await (await fetch(metrics)).text();
  return Number(/^pagebridge_ledger_alerts(?:\{\S*\})? (\d+)/m.exec(text)?.[1] ?? 0);
}

// What the whole process holds, as the system counts it; Linux alone says it this way.
function residentKibibytes(pid: number): number {
  const status = `/proc/${pid}/status`;
  return existsSync(status) ? Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(status, 'utf8'))?.[1]) : Number.NaN;
}

function stateRecord(number: number) {
  const sourceOrg = `org-${number % 20}`;
  const alertKey = `monitor-${number}:host:backend`;
  const time = '2026-01-01T00:00:00.000Z';
  const state: AlertState = {
    sourceOrg,
    alertKey,
    generation: 1,
    lastEventAt: time,
    // Recent, or it would be forgotten while it is being measured.
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

/** How long a ledger takes to be known again, by how many alerts it holds; 0 is what a start takes by itself. */
export function ledgerContenders(ground: Ground, identities: readonly number[]): Contender[] {
  return identities.map((count): Contender => {
    const restoring = new Restoring(ground.branch(`ledger-${count}`), count);
    return {
      name: ledgerOf(count),
      open: () => restoring.open(),
      measure: () => restoring.measure(),
      close: restoring.close,
    };
  });
}
