import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { localFolder } from '../folder.ts';
import { pathOf } from '../processes/executables.ts';
import type { Processes } from '../processes/processes.ts';

const pom = join(import.meta.dirname, 'pom.xml');

/**
 * Returns the folder with the Kafka jars of `pom.xml`; Maven downloads them on the first call.
 *
 * The folder is named by a hash of the pom and appears only when it is complete. So an interrupted download leaves no
 * incomplete folder, and two concurrent starts do no harm.
 */
export async function kafkaJars(processes: Processes): Promise<string> {
  // Brokers that one process starts concurrently share one download.
  fetching ??= fetchJars(processes).finally(() => {
    fetching = undefined;
  });
  return fetching;
}

let fetching: Promise<string> | undefined;

async function fetchJars(processes: Processes): Promise<string> {
  const version = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  const folder = join(localFolder, 'jars', version);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${randomBytes(4).toString('hex')}`;
  mkdirSync(unfinished, { recursive: true });
  try {
    await processes.run({ name: 'maven', command: pathOf('mvn') ?? 'mvn', args: copyDependencies(unfinished) });
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

export const areKafkaJarsHere = (): boolean => existsSync(join(localFolder, 'jars'));

const copyDependencies = (outputDirectory: string): string[] => [
  '--batch-mode',
  '--quiet',
  `--file=${pom}`,
  'dependency:copy-dependencies',
  `-DoutputDirectory=${outputDirectory}`,
  '-DincludeScope=runtime',
];
