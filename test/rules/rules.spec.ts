import { beforeAll, describe, expect, it } from '@jest/globals';
import { describeWith } from '../harness/describe-with.ts';
import { begin, faults, hiccups } from './faults.ts';
import { type Gap, restarted, rolledOut, seriesOf, steady } from './installation.ts';
import { complaintsOf, type RuleCase, rules } from './promtool.ts';

const alerts = rules.groups.flatMap((group) => group.rules);

const gap = (length: number, scrapes: Gap['scrapes']): Gap => ({ from: begin, until: begin + length, scrapes });

const sound: readonly RuleCase[] = [
  { title: 'all is well' },
  { title: 'scrapes fail for four minutes', gap: gap(4, 'failed') },
  { title: 'instances are replaced', lives: restarted(begin, true) },
  { title: 'containers are started again', lives: restarted(begin, false) },
  { title: 'nine instances are replaced one after the other', lives: rolledOut(begin) },
  ...hiccups,
].map((each) => ({ lives: steady, firing: [], ...each }));

// promtool evaluates the rules during the gap too, where alerts of absence fire.
const off: readonly RuleCase[] = [1, 7, 12, 20].map((length) => ({
  title: `Prometheus was down for ${length} minutes`,
  lives: steady,
  gap: gap(length, 'off'),
  firing: [],
  since: begin + length,
}));

describeWith('promtool')('in promtool', () => {
  let complaints: ReadonlyMap<string, string>;
  beforeAll(() => {
    complaints = complaintsOf([...faults, ...sound, ...off]);
  });

  describe('an alert fires once, in its minutes, and no other:', () => {
    it.each(faults)('$title', ({ title }) => {
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
  const fired = new Set(faults.flatMap(({ firing }) => firing.map(({ labels }) => labels.alertname)));
  expect(alerts.map(({ alert }) => alert).filter((alert) => !fired.has(alert))).toEqual([]);
});

it('each alert names its namespace', () => {
  const withoutNamespace = alerts.filter(({ expr }) => / by \((?!namespace, |namespace\))/.test(expr));
  expect(withoutNamespace.map(({ alert }) => alert)).toEqual([]);
});

it('no alert fires only because nothing has what its rule asks for', () => {
  const exposed = [{ lives: steady }, ...faults].flatMap((scenario) => seriesOf(scenario, begin));
  const names = new Set(exposed.map(({ series }) => series.split('{')[0]));
  const asked = alerts.flatMap(({ expr }) => [...expr.matchAll(/\b\w+(?=\{)/g)].map(([name]) => name));
  expect(asked.length).toBeGreaterThan(alerts.length);
  expect(asked.filter((name) => !names.has(name))).toEqual([]);
});
