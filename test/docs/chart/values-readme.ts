import type { Value } from './values-file.ts';

const mark = /<!-- values -->[\s\S]*?<!-- end -->/;

/** The document with a table of the values for each of the top keys between its marks; throws where there are none. */
export function withValues(document: string, values: readonly Value[]): string {
  if (!mark.test(document))
    throw new Error('no place for the values: write <!-- values --> and <!-- end --> where they go');
  const single = values.filter((value) => value.values.length === 0);
  const groups = values.filter((value) => value.values.length > 0);
  const tables = [
    `### At the top\n\n${tableOf(single.map((value) => [value.key, value]))}`,
    ...groups.map((group) =>
      [`### ${group.key}`, group.meaning, tableOf(leavesOf(group))].filter(Boolean).join('\n\n'),
    ),
  ];
  return document.replace(mark, () => `<!-- values -->\n\n${tables.join('\n\n')}\n\n<!-- end -->`);
}

type Row = readonly [path: string, value: Value];

const leavesOf = (value: Value, path = value.key): Row[] =>
  value.values.flatMap((inner): Row[] => {
    const at = `${path}.${inner.key}`;
    return inner.values.length === 0 ? [[at, inner]] : leavesOf(inner, at);
  });

const tableOf = (rows: readonly Row[]): string =>
  [
    '| key | default | meaning |',
    '| --- | --- | --- |',
    ...rows.map(([path, { meaning, preset }]) => `| \`${path}\` | ${presetOf(preset)} | ${cell(meaning)} |`),
  ].join('\n');

const presetOf = (preset: unknown): string => (preset === '' ? '' : `\`${cell(JSON.stringify(preset))}\``);
const cell = (text: string): string => text.replaceAll('|', '\\|');
