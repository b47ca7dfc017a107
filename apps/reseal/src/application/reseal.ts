import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@pagebridge/contracts';
import { countByKid, isLeft } from '../domain/by-kid.ts';
import type { Answer, Api, Sealer, Seals, Table } from './ports.ts';

export interface ResealSettings {
  /** The maximum number of connections per second. */
  readonly rate: number;
  readonly tries: number;
  /** How long to wait for a change to arrive from Kafka. */
  readonly newsMs: number;
}

/** Ends a run in which nothing more can be done. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

type Settling = Exclude<Answer, { kind: 'later' }>;

const reportEveryMs = 2000;

/** Seals the credentials of all connections for the present key, resealOne connection after the other, and prints the progress. */
export class Reseal {
  private readonly put = new Map<string, number>();
  /** Why connections cannot be found, by id. */
  private readonly gone = new Map<string, string>();
  private reportedAt = performance.now();

  constructor(
    private readonly table: Table,
    private readonly api: Api,
    private readonly sealer: Sealer,
    private readonly settings: ResealSettings,
    private readonly say: (line: string) => void,
  ) {}

  counts(): Map<string, number> {
    const { kid, kidOf } = this.sealer;
    return countByKid(this.table.connections.values(), kid, kidOf);
  }

  /** Returns the connections that are left, by id, so that each run has the same order. */
  left(): Connection[] {
    const { kid, kidOf } = this.sealer;
    const all = [...this.table.connections.values()].filter((connection) => isLeft(connection, kid, kidOf));
    return all.toSorted((a, b) => a.connectionId.localeCompare(b.connectionId));
  }

  /** Resolves when all have been tried and Kafka has what was put back. Rejects with StoppedError. */
  async run(signal: AbortSignal): Promise<void> {
    const left = this.left();
    for (const { connectionId } of left) {
      if (signal.aborted) throw new StoppedError('stopped');
      const startedAt = performance.now();
      await this.resealOne(connectionId, signal);
      this.sayProgress(`${this.put.size} of ${left.length} connections are resealed`);
      await sleep(Math.max(0, 1000 / this.settings.rate - (performance.now() - startedAt)));
    }
    this.say(`resealed ${this.put.size} of ${left.length} connections`);
    await this.table.until(() => this.isInKafka(), this.settings.newsMs);
    for (const [id, detail] of this.gone) {
      if (this.table.connections.has(id)) this.say(`${id} is left: ${detail}`);
    }
  }

  private async resealOne(id: string, signal: AbortSignal): Promise<void> {
    for (let tries = 0; tries < this.settings.tries; tries += 1) {
      const connection = this.table.connections.get(id);
      if (!connection) return;
      const seals = await this.sealsOf(connection);
      if (!seals) return;
      const answer = await this.putWithRetries(connection, seals, signal);
      if (await this.isSettled(connection, answer)) return;
    }
    const { name, sourceOrg } = this.table.connections.get(id) ?? { name: id, sourceOrg: '' };
    this.say(
      `${id} ("${name}" of ${sourceOrg}) is left: it changes all the time, or Kafka does not have its current version`,
    );
  }

  private async isSettled(connection: Connection, answer: Settling): Promise<boolean> {
    const { connectionId: id, version } = connection;
    switch (answer.kind) {
      case 'done':
        this.put.set(id, version + 1);
        return true;
      case 'gone':
        this.gone.set(id, answer.detail);
        return true;
      case 'changed':
        await this.table.until(
          () => (this.table.connections.get(id)?.version ?? Infinity) > version,
          this.settings.newsMs,
        );
        return false;
      case 'refused':
        this.say(`${id} is left: ${answer.detail}`);
        return true;
      case 'denied':
        throw new StoppedError(answer.detail);
    }
  }

  /** Puts seals back; retries while nobody answers, and ends the run after too many tries. */
  private async putWithRetries(connection: Connection, seals: Seals, signal: AbortSignal): Promise<Settling> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.api.put(connection, seals);
      if (answer.kind !== 'later') return answer;
      if (tries === this.settings.tries || signal.aborted) throw new StoppedError(answer.detail);
      this.sayProgress(`waiting: ${answer.detail}`);
      await sleep(answer.afterMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Returns the new seals of a connection; undefined if there is nothing to seal, or nothing can be opened. */
  private async sealsOf(connection: Connection): Promise<Seals | undefined> {
    const { sealed, former } = connection.credential;
    const [anew, formerAnew] = [await this.anew(connection, sealed), await this.anew(connection, former?.sealed)];
    if (anew === undefined && formerAnew === undefined) return undefined;
    return { ...(anew ? { sealed: anew } : {}), ...(formerAnew ? { former: formerAnew } : {}) };
  }

  private async anew(connection: Connection, sealed: string | undefined): Promise<string | undefined> {
    if (sealed === undefined || this.sealer.kidOf(sealed) === this.sealer.kid) return undefined;
    try {
      return await this.sealer.reseal(sealed, connection);
    } catch (error) {
      this.say(
        `${connection.connectionId} ("${connection.name}" of ${connection.sourceOrg}) is left: ${(error as Error).message}`,
      );
      return undefined;
    }
  }

  private isInKafka(): boolean {
    const { connections } = this.table;
    const isPut = ([id, version]: [string, number]) => (connections.get(id)?.version ?? Infinity) >= version;
    return [...this.put].every(isPut) && [...this.gone.keys()].every((id) => !connections.has(id));
  }

  private sayProgress(line: string): void {
    if (performance.now() - this.reportedAt < reportEveryMs) return;
    this.reportedAt = performance.now();
    this.say(line);
  }
}
