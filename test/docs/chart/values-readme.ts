import type { Value } from './values-file.ts';

const mark = /<!-- values -->[\s\S]*?<!-- end -->/;

/** The document with a table of the values for each of the top keys between its marks; throws where there are none. */
export function withValues(document: string, values: readonly Value[]): string {
  if (!mark.test(document))
    throw new Error('no place for the values: write <!-- values --> and <!-- end --> where they go');
  const groups = values.filter((value) => value.values.length > 1);
  const others = values.filter((value) => !groups.includes(value));
  const single = others.flatMap((value): Row[] =>
    value.values.length > 0 ? leavesOf(value, groups) : [[value.key, value]],
  );
  const tables = [
    `### At the top\n\n${tableOf(single)}`,
    ...groups.map((group) =>
      [`### ${group.key}`, group.meaning, tableOf(merged(leavesOf(group, groups)))].filter(Boolean).join('\n\n'),
    ),
  ];
  return document.replace(mark, () => `<!-- values -->\n\n${tables.join('\n\n')}\n\n<!-- end -->`);
}

type Row = readonly [path: string, value: Value];

/** The values in a group; one row for a map with the same keys as a group of its name. */
const leavesOf = (value: Value, groups: readonly Value[], path = value.key): Row[] =>
  value.values.flatMap((inner): Row[] => {
    const at = `${path}.${inner.key}`;
    if (inner.values.length === 0) return [[at, inner]];
    const twin = groups.find((group) => group !== inner && signatureOf(group.values) === signatureOf(inner.values));
    if (twin) return [[`${at}.*`, { ...inner, meaning: `${inner.meaning} Keys: [${twin.key}](#${twin.key}).` }]];
    return leavesOf(inner, groups, at);
  });

const signatureOf = (values: readonly Value[]): string =>
  JSON.stringify(values.map(({ key, meaning, preset, values }) => [key, meaning, preset, signatureOf(values)]));

/** One row for values that differ in one name of their path only, as `services.{handle-sync,page-routing}.hosts`. */
function merged(rows: readonly Row[]): Row[] {
  const alike = Object.groupBy(rows, ([path, { meaning, preset }]) => {
    const names = path.split('.');
    return JSON.stringify([names.slice(0, -2), names.at(-1), meaning, preset]);
  });
  return Object.values(alike).flatMap((some = []): Row[] => {
    const [first] = some;
    if (!first || some.length === 1) return some;
    const owners = some.map(([path]) => path.split('.').at(-2));
    const names = first[0].split('.');
    return [[[...names.slice(0, -2), `{${owners.join(',')}}`, names.at(-1)].join('.'), first[1]]];
  });
}

const tableOf = (rows: readonly Row[]): string =>
  [
    '| key=default | meaning |',
    '| --- | --- |',
    ...rows.map(([path, { meaning, preset, values }]) => {
      const shown = values.length > 0 ? path : `${path}=${presetOf(preset)}`;
      return `| \`${cell(shown)}\` | ${cell(meaning)} |`;
    }),
  ].join('\n');

const presetOf = (preset: unknown): string => (typeof preset === 'string' ? preset : JSON.stringify(preset));
const cell = (text: string): string => text.replaceAll('|', '\\|');
