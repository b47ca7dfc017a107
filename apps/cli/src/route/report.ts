import { printable } from '@pagebridge/vocabulary';
import { type Outcome, wordsOf } from './outcomes.ts';
import type { Result } from './suite.ts';

/** Returns the lines that say how a test differs: `-` what it expected, `+` what the alert leads to, with the reason. */
export const diffOf = ({ missing, unexpected }: Result): string[] => [
  ...missing.map((expected) => `- ${expectedText(expected)}`),
  ...unexpected.map(
    (outcome) => `+ ${withHandle(outcome, wordsOf(outcome))}${'detail' in outcome ? `. ${outcome.detail}` : ''}`,
  ),
];

/** Says what is expected in the words of what is found, with `any` for what the test leaves open. */
function expectedText(expected: Result['missing'][number]): string {
  const {
    kind,
    team = 'any team',
    connection = 'any connection',
    urgency = 'any',
    reason = 'any reason',
    ...its
  } = expected;
  const whole = { ...its, kind, team, connection, urgency, reason } as unknown as Outcome;
  return withHandle(whole, wordsOf(whole));
}

const withHandle = (outcome: Outcome, words: string): string =>
  'handle' in outcome && outcome.handle ? `${outcome.handle} ${words}` : `the alert ${words}`;

/** Returns the results for people: a line for each test, and the differences below it. */
export const textOf = (results: readonly Result[]): string[] => [
  ...results.flatMap((result) =>
    result.ok ? [`ok    ${result.name}`] : [`FAIL  ${result.name}`, ...diffOf(result).map((line) => `      ${line}`)],
  ),
  `${results.filter(({ ok }) => ok).length} of ${results.length} tests passed`,
];

/** Returns the results as JUnit XML, which CI systems show. */
export function junitOf(suite: string, results: readonly Result[]): string {
  const cases = results.map((result) => {
    const open = `    <testcase classname="${xml(suite)}" name="${xml(result.name)}"`;
    if (result.ok) return `${open}/>\n`;
    const diff = diffOf(result);
    const failure = `<failure message="${xml(diff[0] ?? '')}">${xml(diff.join('\n'))}</failure>`;
    return `${open}>${failure}</testcase>\n`;
  });
  const counts = `tests="${results.length}" failures="${results.filter(({ ok }) => !ok).length}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts}>\n  <testsuite name="${xml(suite)}" ${counts}>\n${cases.join('')}  </testsuite>\n</testsuites>\n`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Control characters have no place in XML, not even escaped. */
const xml = (text: string): string =>
  text
    .split('\n')
    .map(printable)
    .join('\n')
    .toWellFormed()
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, (char) => entities[char] as string);
