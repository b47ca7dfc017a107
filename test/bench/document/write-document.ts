import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { commandLine } from '@pagebridge/local-stack/base';
import type { Result } from '../harness/result.ts';
import { chartOf } from './chart.ts';
import { panelsOf } from './panels.ts';
import { withTables } from './tables.ts';

const docs = join(import.meta.dirname, '../../../docs');
export const documentPath = join(docs, 'performance.md');
export const chartPath = join(docs, 'performance/curves.svg');

/** The lines that benchmarks printed, kept in docs/performance by name. */
export const keptResults = (): Map<string, Result> =>
  new Map(
    globSync(join(docs, 'performance/*.json'))
      .toSorted()
      .map((file) => [basename(file, '.json'), JSON.parse(readFileSync(file, 'utf8')) as Result]),
  );

/** The document and its plot as they follow from the results that are kept. */
export function written(): { readonly document: string; readonly chart: string } {
  const results = keptResults();
  return { document: withTables(readFileSync(documentPath, 'utf8'), results), chart: chartOf(panelsOf(results)) };
}

const help = `npm run performance: writes the tables and the plot of docs/performance.md anew

They follow from the results in docs/performance/*.json: the last line of each npm run bench, kept there by hand. Nothing is
measured.
`;

if (import.meta.main) {
  commandLine(help, {});
  const { document, chart } = written();
  writeFileSync(documentPath, document);
  writeFileSync(chartPath, chart);
}
