import type { Goal } from '../harness/bench.ts';
import type { Result } from '../harness/result.ts';

/** What a benchmark printed, as Markdown: the command, the machine, what was found and every figure. */
export function tablesOf(result: Result): string {
  return [provenanceOf(result), findingsOf(result), figuresOf(result), ...leftOut(result)].join('\n\n');
}

function provenanceOf({ command, rounds, machine }: Result): string {
  const { date, cpus, cpu, memoryGiB, load, platform, node, kafkajs } = machine;
  const where = `${cpus} CPUs (${cpu}), ${memoryGiB} GiB, ${platform}, Node ${node}, kafkajs ${kafkajs}`;
  return `\`${command}\`, ${rounds} ${rounds === 1 ? 'round' : 'rounds'}, ${date.slice(0, 16).replace('T', ' ')} UTC; ${where}; load average ${load} at the start.`;
}

function findingsOf({ findings }: Result): string {
  const rows = Object.entries(findings).map(([name, { median, rounds, goal, met }]) => [
    name,
    `**${median}**`,
    rounds.join(', '),
    goal ? goalText(goal) : '',
    met === undefined ? '' : met ? 'yes' : 'no',
  ]);
  return rows.length === 0 ? 'Nothing to compare.' : table(['found', 'median', 'rounds', 'goal', 'reached'], rows);
}

const goalText = (goal: Goal): string => ('atLeast' in goal ? `>= ${goal.atLeast}` : `<= ${goal.atMost}`);

function figuresOf({ figures }: Result): string {
  const names = [...new Set(Object.values(figures).flatMap((each) => Object.keys(each)))];
  const rows = Object.entries(figures).map(([contender, each]) => [
    contender,
    ...names.map((name) =>
      each[name] === undefined ? '' : each[name].toLocaleString('en', { maximumSignificantDigits: 4 }),
    ),
  ]);
  return table(['median of', ...names], rows);
}

const leftOut = ({ leftOut }: Result): string[] => (leftOut.length > 0 ? [`Left out: ${leftOut.join('; ')}.`] : []);

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** The document with the tables of each result between its marks; throws where a mark has no result. */
export function withTables(document: string, results: ReadonlyMap<string, Result>): string {
  return document.replace(/<!-- results:(\S+) -->[\s\S]*?<!-- end -->/g, (_, name: string) => {
    const result = results.get(name);
    if (!result) throw new Error(`no result named ${name}`);
    return `<!-- results:${name} -->\n\n${tablesOf(result)}\n\n<!-- end -->`;
  });
}
