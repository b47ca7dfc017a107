import { namespace } from '../chart/render.ts';
import type { Metrics, Service, ValueAt } from './healthy.ts';
import { type Life, steady } from './installation.ts';
import type { Firing } from './promtool.ts';

/** What goes wrong from minute `begin` on, and all alerts that fire from then on. */
export interface Fault {
  readonly title: string;
  readonly lives: readonly Life[];
  readonly broken?: readonly [Service, Metrics];
  readonly firing: readonly Firing[];
}

export const begin = 15;

/** A value that changes as the fault begins. */
export const becomes =
  (value: number, before: number | undefined = 0): ValueAt =>
  (minute) =>
    minute < begin ? before : value;
/** A counter that was not there before its first increment. */
export const appears = becomes(1, undefined);

export const fault = (
  severity: 'critical' | 'warning',
  alertname: string,
  title: string,
  service: Service,
  metrics: Metrics,
  labels: Readonly<Record<string, string>> = { service },
): Fault => ({
  title: `${alertname} ${title}`,
  lives: steady,
  broken: [service, metrics],
  firing: [{ alertname, severity, ...labels }],
});

export const absent = (severity: 'critical' | 'warning', alertname: string, service: Service): Fault => ({
  title: `${alertname} where no instance is scraped`,
  lives: steady.map((life) => (life.service === service ? { ...life, until: begin } : life)),
  firing: [{ alertname, severity, namespace, service }],
});

/** The first instance of page-delivery starts again so many minutes after the beginning, and ends a minute before each start. */
export const crashing = (title: string, starts: readonly number[]): Fault => ({
  title: `PagebridgeCrashLoops ${title}`,
  lives: steady.flatMap((life) => {
    if (life.service !== 'page-delivery' || life.pod !== 'a') return [life];
    const [first = 0, ...later] = starts.map((minutes) => begin + minutes);
    return [
      { ...life, until: Math.min(first, begin + 5) - 1 },
      ...[first, ...later].map((startedAt, index) => ({ ...life, startedAt, until: (later[index] ?? Infinity) - 1 })),
    ];
  }),
  firing: [
    {
      ...{ alertname: 'PagebridgeCrashLoops', severity: 'warning' },
      ...{ service: 'page-delivery', pod: 'a', instance: 'page-delivery-a' },
    },
  ],
});
