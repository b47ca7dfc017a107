import { namespace } from '../chart/render.ts';
import { healthy, type Metrics, type Service, scraped } from './healthy.ts';

/** One life of a process: started in a minute, scraped until another. A pod that starts its container again keeps its address. */
export interface Life {
  readonly service: Service;
  readonly pod: string;
  readonly startedAt: number;
  readonly until: number;
  /** Of another installation that the same Prometheus scrapes. */
  readonly namespace?: string;
}

/** What promtool reads: one value a minute; `_` is a minute without a scrape, `stale` the first in which a target is gone. */
export interface InputSeries {
  readonly series: string;
  readonly values: string;
}

/** Two instances of each service, and of the console's gateway, that have run for a day. */
export const steady: readonly Life[] = scraped.flatMap((service) =>
  ['a', 'b'].map((pod) => ({ service, pod, startedAt: -1440, until: Number.POSITIVE_INFINITY })),
);

/** Every instance is replaced by a new one after the other, or its container is started again. */
export const restarted = (at: number, isReplaced: boolean): readonly Life[] =>
  steady.flatMap((life, index) => [
    { ...life, until: at + index },
    {
      ...life,
      startedAt: at + index + (isReplaced ? 0 : 1),
      pod: isReplaced ? `${life.pod}-new` : life.pod,
      until: life.until,
    },
  ]);

/** Nine instances of page-delivery are replaced, each as soon as the one before is ready. */
export const rolledOut = (at: number): readonly Life[] => [
  ...steady,
  ...['c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'].flatMap((pod, index) => [
    { service: 'page-delivery' as const, pod, startedAt: -1440, until: at + 2 * index },
    {
      service: 'page-delivery' as const,
      pod: `${pod}-new`,
      startedAt: at + 2 * index,
      until: Number.POSITIVE_INFINITY,
    },
  ]),
];

export interface Gap {
  readonly from: number;
  readonly until: number;
  /** `failed`: Prometheus notes that it cannot scrape. `off`: Prometheus itself is down, and notes nothing. */
  readonly scrapes: 'failed' | 'off';
}

export interface Scenario {
  readonly lives: readonly Life[];
  /** What the first instance of a service has in place of its series of health. */
  readonly broken?: readonly [Service, Metrics];
  readonly gap?: Gap;
}

/** The series of a scenario from minute 0 to the last one. */
export function seriesOf({ lives, broken, gap }: Scenario, minutes: number): readonly InputSeries[] {
  const bySeries = new Map<string, (number | undefined)[]>();
  for (const life of lives) {
    const metrics = { ...healthy(life.service), ...(broken && isBroken(life, broken[0]) ? broken[1] : {}) };
    for (const [metric, valueAt] of Object.entries(metrics)) {
      const series = withTarget(metric, life);
      const values = bySeries.get(series) ?? Array.from<undefined>({ length: minutes + 1 });
      bySeries.set(series, values);
      for (let minute = Math.max(0, life.startedAt); minute <= minutes && minute < life.until; minute += 1) {
        values[minute] = valueAt(minute, life);
      }
    }
  }
  const series = [...bySeries].map(([name, values]) => ({ series: name, values: textOf(values, gap) }));
  return [...upOf(lives, minutes, gap), ...series];
}

/** What Prometheus notes of each target from its first life to its last: 1, or 0 where it could not be scraped. */
const upOf = (lives: readonly Life[], minutes: number, gap: Gap | undefined): readonly InputSeries[] =>
  Object.values(Object.groupBy(lives, targetOf)).map((ofTarget = []) => {
    const first = Math.min(...ofTarget.map(({ startedAt }) => startedAt));
    const last = Math.max(...ofTarget.map(({ until }) => until));
    const values = Array.from({ length: minutes + 1 }, (_, minute) => {
      const isUp = ofTarget.some(({ startedAt, until }) => minute >= startedAt && minute < until);
      const isInGap = gap !== undefined && minute >= gap.from && minute < gap.until;
      if (minute < first || minute >= last || (isInGap && gap.scrapes === 'off')) return undefined;
      return Number(isUp && !isInGap);
    });
    return { series: `up{${ofTarget[0] && targetOf(ofTarget[0])}}`, values: values.map((up) => up ?? '_').join(' ') };
  });

const isBroken = (life: Life, broken: Service): boolean =>
  life.service === broken && life.pod.startsWith('a') && life.namespace === undefined;

/** Adds the labels of the service and of its target to `metric` or `metric{label="value"}`. */
function withTarget(metric: string, life: Life): string {
  const [name = '', own = ''] = metric.split(/[{}]/);
  return `${name}{${own}${own === '' ? '' : ', '}service="${life.service}", ${targetOf(life)}}`;
}

/** The labels that Prometheus gives to what it scrapes, with a PodMonitor. */
const targetOf = ({ service, pod, namespace: own = namespace }: Life): string =>
  Object.entries({ namespace: own, job: `${own}/pagebridge`, instance: `${service}-${pod}`, pod, container: service })
    .map(([label, value]) => `${label}="${value}"`)
    .join(', ');

const textOf = (values: readonly (number | undefined)[], gap: Gap | undefined): string =>
  values
    .map((value, minute) => {
      const isInGap = gap && minute >= gap.from && minute < gap.until;
      if (isInGap) return gap.scrapes === 'failed' && minute === gap.from ? 'stale' : '_';
      if (value !== undefined) return String(value);
      return values[minute - 1] === undefined ? '_' : 'stale';
    })
    .join(' ');
