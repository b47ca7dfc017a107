import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Contract, cards, contractOf, type TopicCard } from '@pagebridge/contracts';
import { dumpTables, loadTables } from './tables.ts';
import { shifted } from './times.ts';
import { dumpOffsets, dumpTopics, type KeptOffset, type KeptRecord, loadOffsets, loadTopics } from './topics.ts';

/** Where the recording stands in the repository; its README says what is in it. */
export const keptFolder = join(import.meta.dirname, 'kept');

/** What a test must know of a recording beside its records. */
export interface Facts {
  /** The commit whose services wrote it. */
  readonly commit: string;
  readonly recordedAt: string;
  readonly sourceOrg: string;
  readonly connections: readonly { readonly id: string; readonly name: string }[];
  readonly handles: readonly string[];
  /** An API token that was made then. */
  readonly token: string;
  /** The key of an alert that is open, and its page in the destination. */
  readonly open: { readonly alertKey: string; readonly page: { readonly id: string; readonly team: string } };
  /** The key of an alert that has recovered. */
  readonly ended: string;
}

interface Places {
  readonly brokers: string;
  readonly databaseUrl: string;
}

// What the tokens of its OpenID provider were signed with is of no use to another run.
const keyFiles = ['public-key.json', 'private-keys.json', 'globex-eu.json', 'initech-ap.json'];
const copyKeys = (from: string, to: string) => {
  mkdirSync(to, { recursive: true });
  for (const file of keyFiles) cpSync(join(from, file), join(to, file));
};
const pathOf = (name: string) => join(keptFolder, name);
const linesOf = (things: readonly unknown[]) => things.map((thing) => `${JSON.stringify(thing)}\n`).join('');

/** Writes what stands in Kafka and in the database of a stack, the keys in its folder that open it, and its contracts; no service may run. */
export async function keep(
  { brokers, databaseUrl }: Places,
  folder: string,
  lock: string,
  facts: Facts,
): Promise<void> {
  mkdirSync(keptFolder, { recursive: true });
  writeFileSync(pathOf('records.jsonl'), linesOf(await dumpTopics(brokers)));
  writeFileSync(pathOf('offsets.jsonl'), linesOf(await dumpOffsets(brokers)));
  writeFileSync(pathOf('tables.sql'), await dumpTables(databaseUrl));
  writeFileSync(pathOf('facts.json'), `${JSON.stringify(facts, null, 2)}\n`);
  cpSync(lock, pathOf('contracts.lock.json'));
  copyKeys(join(folder, 'keys'), pathOf('keys'));
}

/** The recording as if it had been made so many seconds ago: what is too old would page nobody. */
export class Recording {
  readonly facts = JSON.parse(readFileSync(pathOf('facts.json'), 'utf8')) as Facts;
  readonly #laterBy = Math.floor((Date.now() - Date.parse(this.facts.recordedAt)) / 1000);

  get tables(): string {
    return this.#read('tables.sql');
  }

  get records(): KeptRecord[] {
    return this.#lines('records.jsonl');
  }

  /** How the services of that commit read these topics. */
  get contracts(): readonly Contract<unknown>[] {
    const lock = JSON.parse(readFileSync(pathOf('contracts.lock.json'), 'utf8')) as Record<string, TopicCard>;
    return cards.filter(({ topic }) => topic in lock).map((card) => contractOf({ ...card, ...lock[card.topic] }));
  }

  /** Puts the keys where a stack keeps its own; before it starts. */
  bringKeys(folder: string): void {
    copyKeys(pathOf('keys'), join(folder, 'keys'));
  }

  /** Fills empty topics and a database that is not there yet. */
  async load({ brokers, databaseUrl }: Places): Promise<void> {
    await Promise.all([loadTopics(brokers, this.records), loadTables(databaseUrl, this.tables)]);
    await loadOffsets(brokers, this.#lines<KeptOffset>('offsets.jsonl'));
  }

  #read(name: string): string {
    return shifted(readFileSync(pathOf(name), 'utf8'), this.#laterBy);
  }

  #lines<T>(name: string): T[] {
    return this.#read(name)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as T);
  }
}
