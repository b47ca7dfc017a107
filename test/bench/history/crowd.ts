import { type ClientRequest, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Alerts, type OutgoingRecord } from '@pagebridge/contracts';
import { anAlert } from '@pagebridge/testing';
import { sourceOrg } from './alerts.ts';

const searchers = 10;
const slowReaders = 40;
const key = 'monitor-heavy';

/** Returns a thousand records of an alert, each with some bytes. */
export const heavyAlert = (bytes = 8_000, alertKey = key): OutgoingRecord[] => {
  const message = 'The disk is full, and so is the next one. '.repeat(bytes / 42);
  return Array.from({ length: 1000 }, (_, n) => {
    const occurredAt = new Date(Date.now() + n).toISOString();
    const alert = anAlert({ sourceOrg, alertKey, message, occurredAt });
    return Alerts.encode(`${sourceOrg}/${alertKey}`, { id: `heavy-${n}`, source: '/bench', time: occurredAt }, alert);
  });
};

/** What one org asks all the time: searches that take as long as they may, and traces that it does not read. */
export class Crowd {
  private readonly end = new AbortController();
  private readonly requests = new Set<ClientRequest>();
  private readonly busy: Promise<void>[];
  /** How many were let in. */
  readonly served = { searches: 0, traces: 0 };
  /** Of the org. */
  private readonly url: string;

  constructor(url: string) {
    this.url = url;
    this.busy = [
      ...Array.from({ length: searchers }, () => this.repeat(() => this.search())),
      ...Array.from({ length: slowReaders }, () => this.repeat(() => this.readSlowly())),
    ];
  }

  async leave(): Promise<void> {
    this.end.abort();
    for (const request of this.requests) request.destroy();
    await Promise.all(this.busy);
  }

  private async repeat(ask: () => Promise<void>): Promise<void> {
    while (!this.end.signal.aborted) {
      await ask();
      await delay(500);
    }
  }

  private async search(): Promise<void> {
    const from = new Date(Date.now() - 6.9 * 86_400_000).toISOString();
    const { signal } = this.end;
    const response = await fetch(`${this.url}/alerts?q=nowhere-written&from=${from}`, { signal }).catch(
      () => undefined,
    );
    if (response && response.status !== 429) this.served.searches += 1;
    await response?.arrayBuffer().catch(() => undefined);
  }

  private readSlowly(): Promise<void> {
    return new Promise((done) => {
      const request = get(`${this.url}/trace?alertKey=${key}`, { agent: false }, (response) => {
        if (response.statusCode === 200) {
          this.served.traces += 1;
          response.pause();
        } else response.resume();
      });
      this.requests.add(request);
      request.on('error', () => undefined);
      request.on('close', () => {
        this.requests.delete(request);
        done();
      });
    });
  }
}
