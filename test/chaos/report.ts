import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localFolder } from '@pagebridge/local-stack';
import { type Audit, isClean } from './audit/audit.ts';
import type { Finding, History } from './audit/history.ts';
import { isInTime, type Times } from './audit/times.ts';
import { type Condition, isCaught } from './mutants.ts';
import type { Recovery } from './observation/recovery.ts';
import type { ChaosOptions } from './options.ts';
import type { ChaosStack } from './stack/chaos-stack.ts';

const most = 100;
const longest = 1_000;

/** Returns the findings that break a promise, at most `maxOfEach` of each rule, so that none hides another. */
const wrongOf = (findings: readonly Finding[], maxOfEach: number): Finding[] =>
  [...Map.groupBy(findings, ({ kind, rule }) => `${kind} ${rule}`).values()]
    .flatMap((alike) => alike.slice(0, maxOfEach))
    .filter(({ kind }) => kind !== 'duplicateTagged');

/** Writes each finding with the whole trace of its alert, and copies the logs; returns the file. */
function keepFailures(folder: string, logs: string, { findings }: Audit, history: History): string {
  mkdirSync(folder, { recursive: true });
  cpSync(logs, join(folder, 'logs'), { recursive: true });
  const broken = wrongOf(findings, most);
  const file = join(folder, 'failures.jsonl');
  const lines = broken.map((finding) => JSON.stringify({ ...finding, trace: traceOf(finding, history) }, short));
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

// Hostile texts may be very long.
const short = (_name: string, value: unknown): unknown =>
  typeof value === 'string' && value.length > longest ? `${value.slice(0, longest)}…` : value;

function traceOf({ key, id }: { readonly key: string; readonly id: string }, history: History) {
  const ofAlert = <T extends { readonly key: string }>(entries: readonly T[]) =>
    key === '' ? [] : entries.filter((entry) => entry.key === key);
  const commands = ofAlert(history.commands);
  const pageIds = new Set(commands.map(({ data }) => (data.kind === 'page' ? data.pageId : '')));
  return {
    sent: ofAlert(history.sent),
    alerts: ofAlert(history.alerts),
    commands,
    unrouted: ofAlert(history.unrouted),
    outcomes: ofAlert(history.outcomes),
    states: ofAlert(history.states),
    deadLetters: ofAlert(history.deadLetters),
    pages: history.pages.filter((page) => page.id === id || pageIds.has(page.pageId)),
  };
}

// A few findings of a mutant are sufficient.
const maxShown = ({ mutant }: ChaosOptions) => (mutant === undefined ? 10 : 3);

/** The results of a run. */
export interface Found {
  readonly audit: Audit;
  readonly history: History;
  readonly faults: Readonly<Record<string, number>>;
  readonly recovery: Recovery;
  /** Set with hostile input. */
  readonly times?: Times;
}

/** Returns whether the promises were kept, in time. */
export const isKept = ({ audit, times }: Found): boolean => isClean(audit) && (times === undefined || isInTime(times));

/** Returns the JSON line that ends a run. */
export function lineOf(options: ChaosOptions, { audit, faults, recovery, times }: Found, condition: Condition) {
  const { seed, minutes, profile, withoutManagement, isSecure, mutant } = options;
  const { findings: _findings, ...counts } = audit;
  return {
    seed,
    minutes,
    ...(profile === 'full' ? {} : { profile }),
    ...(withoutManagement ? { withoutManagement } : {}),
    ...(isSecure ? { secure: true } : {}),
    ...(mutant === undefined ? {} : { mutant, caught: isCaught(mutant, counts, condition) }),
    ...counts,
    ...(times && timesIn(times)),
    faultCount: Object.values(faults).reduce((sum, count) => sum + count, 0),
    faults,
    recoveryMs: recovery,
    endedByThemselves: condition.endedByThemselves,
  };
}

// JSON has no undefined: a value that was not measured is null.
const timesIn = ({ healthyP99Ms, recoveredMs, slowest: _slowest, ...counts }: Times) => ({
  healthyP99Ms: healthyP99Ms ?? null,
  recoveredMs: recoveredMs ?? null,
  ...counts,
});

/** Prints the findings, and stores their traces. */
export function reportFailures(
  options: ChaosOptions,
  { folder: { logs } }: ChaosStack,
  found: Found,
  say: (line: string) => void,
): void {
  const folder = join(localFolder, 'chaos', String(options.seed));
  rmSync(folder, { recursive: true, force: true });
  if (isKept(found)) return;
  const { audit, history, times } = found;
  for (const { key, pageId, from, ms, routedMs, partition } of times?.slowest ?? []) {
    const published = new Date(from).toISOString();
    say(
      `slow: ${key} ${pageId} of partition ${partition}, published at ${published}: ${ms} ms, ${routedMs} ms of it in routing`,
    );
  }
  for (const { kind, rule, key, id, detail } of wrongOf(audit.findings, maxShown(options))) {
    say(`${kind} (${rule}) ${key.slice(0, 100)} ${id}: ${detail}`);
  }
  say(`traces: ${keepFailures(folder, logs, audit, history)}`);
}
