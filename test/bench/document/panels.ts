import type { Result } from '../harness/result.ts';
import type { Curve, Panel } from './chart.ts';

/** The curves that docs/performance.md shows, of those results that there are. */
export function panelsOf(results: ReadonlyMap<string, Result>): Panel[] {
  const of = (prefix: RegExp, figure: string, name: string): Curve => ({
    name,
    points: pointsOf(results, prefix, figure),
  });
  const panels: Panel[] = [
    {
      title: 'Time from alert to page command and to page',
      across: 'alerts a second',
      up: 'milliseconds',
      curves: [
        of(/^Pagebridge at (\d+)\/s$/, 'commandP50Ms', 'command, p50'),
        of(/^Pagebridge at (\d+)\/s$/, 'commandP99Ms', 'command, p99'),
        of(/^Pagebridge at (\d+)\/s$/, 'acceptedP50Ms', 'accepted, p50'),
        of(/^Pagebridge at (\d+)\/s$/, 'acceptedP99Ms', 'accepted, p99'),
      ],
    },
    {
      title: 'Routing, by handles known',
      across: 'handles',
      up: 'alerts a second',
      curves: [of(/^routing, (\d+) handles$/, 'alertsPerSecond', 'one process')],
    },
    {
      title: 'Delivery, by destinations',
      across: 'destinations',
      up: 'pages a second',
      curves: [of(/^delivery, (\d+) destinations?$/, 'pagesPerSecond', 'one process')],
    },
    {
      title: 'Restoring the ledger',
      across: 'alerts in the ledger',
      up: 'seconds from start',
      curves: [of(/^ledger, (\d+) alerts$/, 'seconds', 'one process')],
    },
  ];
  const shown = panels.map((panel) => ({ ...panel, curves: panel.curves.filter(({ points }) => points.length > 1) }));
  return shown.filter(({ curves }) => curves.length > 0);
}

function pointsOf(results: ReadonlyMap<string, Result>, contender: RegExp, figure: string): [number, number][] {
  const points = [...results.values()].flatMap(({ figures }) =>
    Object.entries(figures).flatMap(([name, each]): [number, number][] => {
      const [, size] = contender.exec(name) ?? [];
      const value = each[figure];
      return size !== undefined && Number(size) > 0 && value !== undefined ? [[Number(size), value]] : [];
    }),
  );
  return points.sort(([a], [b]) => a - b);
}
