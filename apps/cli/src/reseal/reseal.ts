import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@pagebridge/contracts';
import type { ConnectionTable } from './connection-table.ts';
import type { PutSeals, Seals } from './put-seals.ts';
import type { Sealer } from './sealer.ts';

/** Ends a run in which nothing more can be done. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

const reportEveryMs = 2000;

const sealsOf = ({ credential: { sealed, former } }: Connection): string[] =>
  former ? [sealed, former.sealed] : [sealed];
const described = ({ connectionId, name, sourceOrg }: Connection): string =>
  `${connectionId} ("${name}" of ${sourceOrg})`;

/** Seals the credentials of all connections for the present key, one connection after the other, and prints the progress. */
export class Reseal {
  /** The versions of the connections that were put back. */
  private readonly put = new Map<string, number>();
  /** Why connections cannot be found, by id. */
  private readonly gone = new Map<string, string>();
  private reportedAt = performance.now();

  constructor(
    private readonly table: Pick<ConnectionTable, 'connections' | 'until'>,
    private readonly putSeals: PutSeals,
    private readonly sealer: Pick<Sealer, 'kid' | 'kidOf' | 'reseal'>,
    /** `rate`: connections per second, at most. `newsMs`: how long to wait for a change to arrive from Kafka. */
    private readonly settings: { readonly rate: number; readonly tries: number; readonly newsMs: number },
    private readonly say: (line: string) => void,
  ) {}

  /** Counts credentials by the key for which they are sealed. The present key has a count even at 0. */
  counts(): Map<string, number> {
    const counts = new Map([[this.sealer.kid, 0]]);
    for (const sealed of [...this.table.connections.values()].flatMap(sealsOf)) {
      const kid = this.sealer.kidOf(sealed);
      counts.set(kid, (counts.get(kid) ?? 0) + 1);
    }
    return counts;
  }

  /** Returns the connections of which a pair is sealed for another key, by id, so that each run has the same order. */
  left(): Connection[] {
    const isLeft = (sealed: string) => this.sealer.kidOf(sealed) !== this.sealer.kid;
    const left = [...this.table.connections.values()].filter((connection) => sealsOf(connection).some(isLeft));
    return left.toSorted((a, b) => a.connectionId.localeCompare(b.connectionId));
  }

  /** Resolves when all have been tried and Kafka has what was put back. Rejects with StoppedError. */
  async run(signal: AbortSignal): Promise<void> {
    const left = this.left();
    for (const { connectionId } of left) {
      if (signal.aborted) throw new StoppedError('stopped');
      const startedAt = performance.now();
      await this.resealOne(connectionId, signal);
      this.sayProgress(`${this.put.size} of ${left.length} connections resealed`);
      await sleep(Math.max(0, 1000 / this.settings.rate - (performance.now() - startedAt)));
    }
    this.say(`Resealed ${this.put.size} of ${left.length} connections.`);
    await this.table.until(() => this.isInKafka(), this.settings.newsMs);
    for (const [id, detail] of this.gone) {
      if (this.table.connections.has(id)) this.say(`${id} not resealed: ${detail}`);
    }
  }

  private async resealOne(id: string, signal: AbortSignal): Promise<void> {
    const { tries, newsMs } = this.settings;
    for (let n = 1; n <= tries; n += 1) {
      const connection = this.table.connections.get(id);
      const seals = connection && (await this.sealsAnew(connection));
      if (!seals) return;
      const answer = await this.putSeals(connection, seals);
      if (answer.kind === 'changed') {
        await this.table.until(() => this.versionOf(id) > connection.version, newsMs);
      } else if (answer.kind === 'later' && n < tries && !signal.aborted) {
        this.sayProgress(`Waiting: ${answer.detail}`);
        await sleep(answer.afterMs, undefined, { signal }).catch(() => undefined);
      } else {
        if (answer.kind === 'done') this.put.set(id, connection.version + 1);
        else if (answer.kind === 'gone') this.gone.set(id, answer.detail);
        else if (answer.kind === 'refused') this.say(`${id} not resealed: ${answer.detail}`);
        else throw new StoppedError(answer.detail);
        return;
      }
    }
    const connection = this.table.connections.get(id);
    const why = 'the connection keeps changing, or Kafka does not have its current version';
    this.say(`${connection ? described(connection) : id} not resealed: ${why}`);
  }

  /** Returns the new seals of a connection; undefined if there is nothing to seal, or nothing can be opened. */
  private async sealsAnew(connection: Connection): Promise<Seals | undefined> {
    const sealed = await this.anew(connection, connection.credential.sealed);
    const former = await this.anew(connection, connection.credential.former?.sealed);
    return sealed || former ? { ...(sealed ? { sealed } : {}), ...(former ? { former } : {}) } : undefined;
  }

  private async anew(connection: Connection, sealed: string | undefined): Promise<string | undefined> {
    if (sealed === undefined || this.sealer.kidOf(sealed) === this.sealer.kid) return undefined;
    try {
      return await this.sealer.reseal(sealed, connection);
    } catch (error) {
      this.say(`${described(connection)} not resealed: ${(error as Error).message}`);
      return undefined;
    }
  }

  /** A connection that is deleted has every version. */
  private versionOf = (id: string): number => this.table.connections.get(id)?.version ?? Infinity;

  private isInKafka(): boolean {
    const isPut = [...this.put].every(([id, version]) => this.versionOf(id) >= version);
    return isPut && [...this.gone.keys()].every((id) => !this.table.connections.has(id));
  }

  private sayProgress(line: string): void {
    if (performance.now() - this.reportedAt < reportEveryMs) return;
    this.reportedAt = performance.now();
    this.say(line);
  }
}
