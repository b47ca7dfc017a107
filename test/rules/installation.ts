import { namespace } from '../chart/render.ts';
import { healthy, type Metrics, type Service, scraped } from './healthy.ts';

/** Every test lasts from minute 0 to this one. */
export const minutes = 45;

/** One life of a process: started in a minute, scraped until another. A pod that starts its container again keeps its address. */
export interface Life {
  readonly service: Service;
  readonly pod: string;
  readonly startedAt: number;
  readonly until: number;
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

export interface Gap {
  readonly from: number;
  readonly until: number;
  /** `failed`: Prometheus notes that it cannot scrape. `off`: Prometheus itself is down, and notes nothing. */
  readonly scrapes: 'failed' | 'off';
}

/** The series of these lives: those of health, with what `broken` has in place of them on the first instance of a service. */
export function seriesOf(
  lives: readonly Life[],
  broken?: readonly [Service, Metrics],
  gap?: Gap,
): readonly InputSeries[] {
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
  return [...upOf(lives, gap), ...[...bySeries].map(([series, values]) => ({ series, values: textOf(values, gap) }))];
}

/** What Prometheus notes of each target from its first life to its last: 1, or 0 where it could not be scraped. */
const upOf = (lives: readonly Life[], gap: Gap | undefined): readonly InputSeries[] =>
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

const isBroken = ({ service, pod }: Life, broken: Service): boolean => service === broken && pod.startsWith('a');

/** Adds the labels of the service and of its target to `metric` or `metric{label="value"}`. */
function withTarget(metric: string, life: Life): string {
  const [name = '', own = ''] = metric.split(/[{}]/);
  return `${name}{${own}${own === '' ? '' : ', '}service="${life.service}", ${targetOf(life)}}`;
}

/** The labels that Prometheus gives to what it scrapes, with a PodMonitor. */
const targetOf = ({ service, pod }: Life): string =>
  Object.entries({ namespace, job: `${namespace}/pagebridge`, instance: `${service}-${pod}`, pod, container: service })
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
