import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathOf } from './executables.ts';
import { localFolder } from './folder.ts';
import { childEnvironment } from './processes.ts';

const pom = join(import.meta.dirname, 'pom.xml');

/**
 * The folder with the jars of Kafka that `pom.xml` names; Maven fetches them the first time.
 *
 * The folder is named after the pom's content and appears only when complete, so an interrupted fetch leaves nothing
 * behind that looks finished and two starts at once do no harm.
 */
export async function kafkaJars(): Promise<string> {
  const version = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  const folder = join(localFolder, 'jars', version);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${randomBytes(4).toString('hex')}`;
  mkdirSync(unfinished, { recursive: true });
  try {
    await copyDependencies(unfinished);
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

export const areKafkaJarsHere = (): boolean => existsSync(join(localFolder, 'jars'));

async function copyDependencies(outputDirectory: string): Promise<void> {
  const logFile = join(localFolder, 'jars', 'maven.log');
  const log = openSync(logFile, 'w');
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${outputDirectory}`, '-DincludeScope=runtime'];
  const args = ['--batch-mode', '--quiet', '--file', pom, ...goal];
  const maven = spawn(pathOf('mvn') ?? 'mvn', args, { env: childEnvironment(), stdio: ['ignore', log, log] });
  closeSync(log);
  const [code] = await once(maven, 'exit');
  if (code === 0) return;
  const end = readFileSync(logFile, 'utf8').trim().split('\n').slice(0, 10).join('\n  | ');
  throw new Error(`Maven could not fetch Kafka (exit code ${code}); it said:\n  | ${end}\n  (${logFile})`);
}
