import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { revision, version } from './build.ts';

// The interval at which the event loop delay is sampled, which is also the lowest delay reported. The default of prom-client,
// 10 ms, wakes an idle process a hundred times a second and costs half a percent of a core.
const eventLoopSampleMs = 100;

/** Returns the metrics registry of a service, with the default metrics and its build; every metric has the label `service`. */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: eventLoopSampleMs });
  const help = '1, with the version and the git commit of this instance. Only images have a commit.';
  const labelNames = ['version', 'revision'];
  new Gauge({ name: 'pagebridge_build_info', help, labelNames, registers: [registry] }).set({ version, revision }, 1);
  return registry;
}

/** Registers a counter. The values of its labels must come from closed lists. */
export const counterOf = <Label extends string>(
  registry: Registry,
  name: string,
  help: string,
  ...labelNames: Label[]
): Counter<Label> => new Counter({ name, help, labelNames, registers: [registry] });

/** Registers a counter that begins at 0 for each combination of its label values, so that a rule sees the first event too. */
export function closedCounterOf<Label extends string>(
  registry: Registry,
  name: string,
  help: string,
  values: Readonly<Record<Label, readonly string[]>>,
): Counter<Label> {
  const lists = Object.entries<readonly string[]>(values);
  const counter = counterOf(registry, name, help, ...(Object.keys(values) as Label[]));
  const all = lists.reduce<object[]>(
    (before, [label, list]) => before.flatMap((labels) => list.map((value) => ({ ...labels, [label]: value }))),
    [{}],
  );
  for (const labels of all) counter.inc(labels, 0);
  return counter;
}

/** Registers a gauge that calls `read` at each scrape. */
export function showGauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

/** A gauge of connections or directories shows at most this many, the worst ones, so that tenants cannot create series without limit. */
export const mostLabels = 20;

/** Registers a gauge with a label; `read` returns the number for each value that the label has now. */
export function showGauges(
  registry: Registry,
  name: string,
  help: string,
  label: string,
  read: () => Readonly<Record<string, number>>,
): void {
  new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect() {
      this.reset();
      for (const [value, number] of Object.entries(read())) this.set({ [label]: value }, number);
    },
  });
}
