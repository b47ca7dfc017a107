import { beforeAll, describe, expect, it } from '@jest/globals';
import { describeWith } from '../harness/describe-with.ts';
import { begin, faults } from './faults.ts';
import { type Gap, restarted, seriesOf, steady } from './installation.ts';
import { complaintsOf, type RuleCase, rules } from './promtool.ts';

const alerts = rules.groups.flatMap((group) => group.rules);

const broken = faults.map(
  ({ title, lives, broken, firing }): RuleCase => ({
    title: `${title}, and no other`,
    series: seriesOf(lives, broken),
    firing,
    since: begin,
  }),
);

const gap = (length: number, scrapes: Gap['scrapes']): Gap => ({ from: begin, until: begin + length, scrapes });

const sound: readonly RuleCase[] = [
  { title: 'all is well', series: seriesOf(steady) },
  { title: 'scrapes fail for four minutes', series: seriesOf(steady, undefined, gap(4, 'failed')) },
  { title: 'instances are replaced', series: seriesOf(restarted(begin, true)) },
  { title: 'containers are started again', series: seriesOf(restarted(begin, false)) },
].map((each) => ({ firing: [], since: 0, ...each }));

// promtool evaluates the rules during the gap too, where alerts of absence fire.
const off: readonly RuleCase[] = [1, 7, 12, 20].map((length) => ({
  title: `Prometheus was down for ${length} minutes`,
  series: seriesOf(steady, undefined, gap(length, 'off')),
  firing: [],
  since: begin + length,
}));

describeWith('promtool')('in promtool', () => {
  let complaints: ReadonlyMap<string, string>;
  beforeAll(() => {
    complaints = complaintsOf([...broken, ...sound, ...off]);
  });

  describe('an alert fires:', () => {
    it.each(broken)('$title', ({ title }) => {
      expect(complaints.get(title) ?? '').toBe('');
    });
  });

  describe('no alert fires', () => {
    it.each(sound)('while $title', ({ title }) => {
      expect(complaints.get(title) ?? '').toBe('');
    });

    it.each(off)('after $title', ({ title }) => {
      expect(complaints.get(title) ?? '').toBe('');
    });
  });
});

it('each alert fires for a fault', () => {
  const fired = new Set(faults.flatMap(({ firing }) => firing.map(({ alertname }) => alertname)));
  expect(alerts.map(({ alert }) => alert).filter((alert) => !fired.has(alert))).toEqual([]);
});

it('no alert fires only because nothing has what its rule asks for', () => {
  const exposed = [...seriesOf(steady), ...faults.flatMap(({ lives, broken }) => seriesOf(lives, broken))];
  const names = new Set(exposed.map(({ series }) => series.split('{')[0]));
  const asked = alerts.flatMap(({ expr }) => [...expr.matchAll(/\b\w+(?=\{)/g)].map(([name]) => name));
  expect(asked.length).toBeGreaterThan(alerts.length);
  expect(asked.filter((name) => !names.has(name))).toEqual([]);
});
