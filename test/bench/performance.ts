import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { commandLine } from '@pagebridge/local-stack/base';
import type { Goal } from './harness/bench.ts';
import type { Result } from './harness/result.ts';

const docs = join(import.meta.dirname, '../../docs');
export const documentPath = join(docs, 'performance.md');

/** Returns the result lines of benchmarks in docs/performance, by name. */
export const keptResults = (): Map<string, Result> =>
  new Map(
    globSync(join(docs, 'performance/*.json')).map((file) => [
      basename(file, '.json'),
      JSON.parse(readFileSync(file, 'utf8')) as Result,
    ]),
  );

const marks = /<!-- results:(\S+?)((?: \w+)*) -->[\s\S]*?<!-- end -->/g;

/**
 * Returns the document with each result between its marks, `<!-- results:<name> <figure>... -->` and `<!-- end -->`: the
 * findings, and those figures of each contender. Throws for a mark without a result.
 */
export function withTables(document: string, results: ReadonlyMap<string, Result>): string {
  return document.replace(marks, (_, name: string, figures: string) => {
    const result = results.get(name);
    if (!result) throw new Error(`no result named ${name}`);
    const tables = [provenanceOf(result), findingsOf(result), ...figuresOf(result, figures.trim().split(' '))];
    return `<!-- results:${name}${figures} -->\n${tables.join('\n\n')}\n<!-- end -->`;
  });
}

function provenanceOf({ command, rounds, machine, leftOut }: Result): string {
  const { date, cpus, cpu, memoryGiB, node, load } = machine;
  const where = `${cpus} CPUs (${cpu}), ${memoryGiB} GiB, Node ${node}, load ${load}`;
  const without = leftOut.length > 0 ? ` Left out: ${leftOut.join('; ')}.` : '';
  return `\`${command}\`: ${rounds} rounds, ${date.slice(0, 16).replace('T', ' ')} UTC, ${where}.${without}`;
}

function findingsOf({ findings, figures }: Result): string {
  const rows = Object.entries(findings).map(([name, { figure, of, to, median, rounds, goal, met }]) => {
    const compared = [of, ...(to === undefined ? [] : [to])].map((contender) => shown(figures[contender]?.[figure]));
    const range = `${Math.min(...rounds)} to ${Math.max(...rounds)}`;
    return [
      name,
      `${compared.join(' / ')} ${figure}`,
      `**${median}**`,
      range,
      goalText(goal),
      met === undefined ? '' : met ? 'yes' : 'no',
    ];
  });
  return table(['found', 'figures', 'median', 'rounds', 'goal', 'reached'], rows);
}

function figuresOf({ figures }: Result, names: readonly string[]): string[] {
  const rows = Object.entries(figures).flatMap(([contender, each]) =>
    names.some((name) => name in each) ? [[contender, ...names.map((name) => shown(each[name]))]] : [],
  );
  return rows.length === 0 ? [] : [table(['median of', ...names], rows)];
}

const goalText = (goal?: Goal): string => (!goal ? '' : 'atLeast' in goal ? `>= ${goal.atLeast}` : `<= ${goal.atMost}`);
const shown = (value?: number): string => value?.toLocaleString('en', { maximumSignificantDigits: 4 }) ?? '';
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const help = `npm run performance: rewrites the tables of docs/performance.md from docs/performance/*.json

These files hold the last lines of npm run bench, stored by hand. Measures nothing.
`;

if (import.meta.main) {
  commandLine(help, {});
  writeFileSync(documentPath, withTables(readFileSync(documentPath, 'utf8'), keptResults()));
}
