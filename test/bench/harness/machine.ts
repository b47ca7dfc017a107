import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '@pagebridge/local-stack/base';

/** The machine of a result: figures mean nothing without it. */
export interface Machine {
  readonly date: string;
  readonly cpus: number;
  readonly cpu: string;
  readonly memoryGiB: number;
  /** The load average of the last minute, before the benchmark started anything. */
  readonly load: number;
  readonly platform: string;
  readonly node: string;
  readonly kafkajs: string;
}

export const machineFacts = (): Machine => ({
  date: new Date().toISOString(),
  cpus: availableParallelism(),
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  load: Number(loadavg()[0]?.toFixed(2)),
  platform: `${process.platform} ${process.arch}`,
  node: process.version,
  kafkajs: versionOf('kafkajs'),
});

const versionOf = (name: string): string =>
  JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
