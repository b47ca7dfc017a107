import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Audit } from './audit/audit.ts';
import type { Finding } from './audit/finding.ts';
import type { History } from './audit/history.ts';

const most = 100;
const longest = 1_000;

/** Returns the findings that break a promise, at most `maxOfEach` of each rule, so that none hides another. */
export const wrongOf = (findings: readonly Finding[], maxOfEach: number): Finding[] =>
  [...Map.groupBy(findings, ({ kind, rule }) => `${kind} ${rule}`).values()]
    .flatMap((alike) => alike.slice(0, maxOfEach))
    .filter(({ kind }) => kind !== 'duplicateTagged');

/** Writes each finding with the whole trace of its alert, and copies the logs; returns the file. */
export function keepFailures(folder: string, logs: string, { findings }: Audit, history: History): string {
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
