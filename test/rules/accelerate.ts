import type { Rule } from './promtool.ts';

/** Tables are read every few seconds, so that a shorter limit would be exceeded in health. */
const shortestLimit = 10;
/** Prometheus needs two scrapes in a range; the journeys scrape once a second. */
const shortestRange = 3;
const secondsOf = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const isUnit = (unit: string): unit is keyof typeof secondsOf => unit in secondsOf;

/** Divides all times of a rule by a factor: `for`, ranges, offsets, and limits that are seconds. */
export function accelerate(rule: Rule, factor: number): Rule {
  const short = (duration: string, least = 0): string => {
    const unit = duration.at(-1) ?? '';
    if (!isUnit(unit)) throw new Error(`${rule.alert} has the duration ${duration}`);
    return `${Math.max(least, Math.ceil((Number.parseInt(duration, 10) * secondsOf[unit]) / factor))}s`;
  };
  const expr = rule.expr
    .replace(/(?<=\[)\d+[smhd](?=\])/g, (range) => short(range, shortestRange))
    .replace(/(?<=offset )\d+[smhd]/g, (offset) => short(offset, shortestRange))
    // Limits below 30 s are numbers of records or the time of one request, which stay as they are.
    .replace(/(?<=_seconds\b[\s\S]*> |time\(\) - )\d{2,}\b/g, (seconds) =>
      Number(seconds) < 30 ? seconds : String(Math.max(shortestLimit, Number(seconds) / factor)),
    );
  const { for: waits, keep_firing_for: keeps } = rule;
  return {
    ...rule,
    expr,
    ...(waits ? { for: short(waits) } : {}),
    ...(keeps ? { keep_firing_for: short(keeps) } : {}),
  };
}
