import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { localFolder } from '../folder.ts';
import { pathOf } from '../processes/executables.ts';
import type { Processes } from '../processes/processes.ts';

const pom = join(import.meta.dirname, 'pom.xml');

/**
 * The folder with the jars of Kafka that `pom.xml` names; Maven fetches them the first time.
 *
 * The folder is named after the pom's content and appears only when complete, so an interrupted fetch leaves nothing
 * behind that looks finished and two starts at once do no harm.
 */
export async function kafkaJars(processes: Processes): Promise<string> {
  // Brokers that one process starts at once fetch them together.
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
