import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localFolder, type StackFolder } from '../folder.ts';
import { identityOf } from './identity.ts';

interface Entry {
  readonly pid: number;
  readonly identity: string;
  readonly owner: number;
  readonly ownerIdentity: string;
}

/** Records a running child, so that the next start can end it if this process is killed. */
export function remember(folder: StackFolder, name: string, pid: number): void {
  const entry = { pid, identity: identityOf(pid) ?? '', owner: process.pid, ownerIdentity: identityOf(process.pid) };
  mkdirSync(folder.run, { recursive: true });
  // The rename makes the file appear complete: the start of another stack deletes unreadable files.
  const unfinished = `${fileOf(folder, name)}.${process.pid}`;
  writeFileSync(unfinished, JSON.stringify(entry));
  renameSync(unfinished, fileOf(folder, name));
}

export const forget = (folder: StackFolder, name: string): void => rmSync(fileOf(folder, name), { force: true });

/**
 * Ends processes of any stack whose owner was killed; leaves those with a living owner alone.
 *
 * A process is ended only if it is the recorded one, and not another one that has its pid now. Returns the names of the ended
 * processes, as `<stack>/<process>`, once their ports are free.
 */
export function endLeftovers(within = localFolder): string[] {
  const ended: { readonly name: string; readonly entry: Entry }[] = [];
  for (const { stack, name, file, entry } of entriesIn(within)) {
    if (entry && isAlive(entry.owner, entry.ownerIdentity)) continue;
    if (entry && isAlive(entry.pid, entry.identity)) {
      process.kill(-entry.pid, 'SIGKILL');
      ended.push({ name: `${stack}/${name}`, entry });
    }
    rmSync(file, { force: true });
  }
  // The kernel ends even a large JVM within a second; one that hangs in a system call must not keep us.
  const enough = performance.now() + 5000;
  while (ended.some(({ entry }) => isAlive(entry.pid, entry.identity)) && performance.now() < enough) pause(10);
  return ended.map(({ name }) => name);
}

const pause = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** Returns the pid of the living process that runs the stack of this folder, if there is one. */
export function ownerOf(folder: StackFolder): number | undefined {
  const entries = entriesIn(localFolder).filter(({ stack }) => stack === folder.name);
  return entries.find(({ entry }) => entry && isAlive(entry.owner, entry.ownerIdentity))?.entry?.owner;
}

const fileOf = (folder: StackFolder, name: string) => join(folder.run, `${name}.json`);

const isAlive = (pid: number, identity: string) => identity !== '' && identityOf(pid) === identity;

function entriesIn(within: string) {
  const stacks = existsSync(within) ? readdirSync(within) : [];
  return stacks.flatMap((stack) => {
    const run = join(within, stack, 'run');
    const files = existsSync(run) ? readdirSync(run).filter((file) => file.endsWith('.json')) : [];
    return files.map((file) => ({
      stack,
      name: file.slice(0, -'.json'.length),
      file: join(run, file),
      entry: entryOf(join(run, file)),
    }));
  });
}

function entryOf(file: string): Entry | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Entry;
  } catch {
    // A kill interrupted the write: the file names no process and is only deleted.
    return undefined;
  }
}
