import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

// How often the delay of the event loop is sampled; the least delay reported is this long. prom-client's 10 ms wake an
// idle process a hundred times a second, half a percent of a core.
const eventLoopSampleMs = 100;

/** The registry of one service; each of its metrics starts with `pagebridge_` and carries the service's name. */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: eventLoopSampleMs });
  return registry;
}

/** A counter of the service; its labels come from closed lists. */
export const counterOf = <Label extends string>(
  registry: Registry,
  name: string,
  help: string,
  ...labelNames: Label[]
): Counter<Label> => new Counter({ name, help, labelNames, registers: [registry] });

/** A gauge that is read at each scrape. */
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

/** The same with a label. */
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
      for (const [value, number] of Object.entries(read())) this.set({ [label]: value }, number);
    },
  });
}
