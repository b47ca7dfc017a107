import { anIntegrationWithToken } from '@pagebridge/testing';
import { alertmanagerPath, howToGetAlertmanager, startBareAlertmanager } from '../end-to-end/alertmanager.ts';
import { cpuSeconds, latencyFigures } from '../harness/statistics.ts';
import type { Testbed } from '../harness/testbed.ts';
import { type Bench, type Contender, type Figures, withResource } from '../harness/testbed.ts';
import { PagePath } from '../page-path/page-path.ts';
import { attacked, attackFindings, type RequestFigures, type RequestLoad, sendRequests } from './attacked.ts';
import { theWholeWay, toThePage } from './to-the-page.ts';

const intake = 'alert-intake';
const alertmanager = 'Alertmanager';

type Load = Pick<RequestLoad, 'alertsEach' | 'perSecond'>;
const groups: Load = { alertsEach: 100, perSecond: 20 };
const singles: Load = { alertsEach: 1, perSecond: 300 };
const allItTakes: Load = { alertsEach: 100, perSecond: 0 };
const fixed: Load = { alertsEach: 1, perSecond: 50 };

/** Where a contender takes alerts, and its process. */
interface Target extends Pick<RequestLoad, 'url' | 'token' | 'form'> {
  readonly pid: number;
}

async function measured(testbed: Testbed, target: Target): Promise<Figures> {
  const seconds = testbed.quick ? 5 : 20;
  const { pid, ...where } = target;
  const send = (load: Load) => testbed.run<RequestFigures>(sendRequests, { ...where, ...load, seconds });
  const before = cpuSeconds([pid]) ?? Number.NaN;
  const inGroups = await send(groups);
  const used = (cpuSeconds([pid]) ?? Number.NaN) - before;
  const alone = await send(singles);
  return {
    groupsPerSecond: inGroups.alertsPerSecond,
    groupsP99Ms: latencyFigures(inGroups.ms).p99Ms,
    cpuMicrosAnAlert: (used * 1e6) / (inGroups.sent * groups.alertsEach),
    singlesP50Ms: latencyFigures(alone.ms).p50Ms,
    singlesP99Ms: latencyFigures(alone.ms).p99Ms,
    refused: inGroups.refused + alone.refused,
  };
}

const ours = (testbed: Testbed): Contender =>
  withResource(
    intake,
    () => opened(testbed),
    ({ measure }) => measure(),
    ({ close }) => close(),
  );

async function opened(testbed: Testbed) {
  const path = await PagePath.on(testbed, []);
  const tokenOf = async (sourceOrg: string): Promise<string> => {
    const { token, records } = anIntegrationWithToken({ sourceOrg });
    await path.publish(records);
    return token;
  };
  const [token, flooding] = [await tokenOf('acme-us'), await tokenOf('initech-us')];
  const { spec, pid } = await path.start('alert-intake', intake, { HOST: '127.0.0.1', ACCESS_TOKENS: 'on' });
  const url = `http://127.0.0.1:${spec.env?.PORT}/v1/intake/alertmanager`;
  const target: Target = { url, token, form: 'webhook', pid };
  const beside = async (): Promise<Figures> => {
    const seconds = testbed.quick ? 5 : 20;
    const common = { url, form: 'webhook' as const, seconds };
    const [flood, other] = await Promise.all([
      testbed.run<RequestFigures>(sendRequests, { ...common, ...allItTakes, token: flooding }),
      testbed.run<RequestFigures>(sendRequests, { ...common, ...fixed, token }),
    ]);
    return {
      floodPerSecond: flood.alertsPerSecond,
      floodRefused: flood.refused,
      besideFloodP99Ms: latencyFigures(other.ms).p99Ms,
      besideFloodRefused: other.refused,
    };
  };
  await testbed.progress.step('warming up alert-intake', () => measured(testbed, target));
  const measure = async () => ({ ...(await measured(testbed, target)), ...(await beside()) });
  return { measure, close: path.close };
}

async function theirs(testbed: Testbed, command: string): Promise<Contender> {
  const { url, pid } = await startBareAlertmanager(testbed, command);
  return { name: alertmanager, measure: () => measured(testbed, { url: `${url}/api/v2/alerts`, form: 'list', pid }) };
}

/** Alertmanager keeps alerts in memory alone, and alert-intake answers once every replica has them: so it has no goal here. */
export const intakeBench: Bench = {
  rounds: 3,
  findings: [
    { name: 'alerts a second, in groups of a hundred', figure: 'groupsPerSecond', of: intake, goal: { atLeast: 1900 } },
    { name: 'p99 of 300 requests a second, ms', figure: 'singlesP99Ms', of: intake, goal: { atMost: 100 } },
    {
      name: 'p99 beside another integration at full load, ms',
      figure: 'besideFloodP99Ms',
      of: intake,
      goal: { atMost: 250 },
    },
    {
      name: 'p50 from request to page, above that from record to page, ms',
      figure: 'requestAddsP50Ms',
      of: toThePage,
      goal: { atMost: 15 },
    },
    ...attackFindings,
    { name: 'CPU time of an alert, µs', figure: 'cpuMicrosAnAlert', of: intake },
    { name: 'CPU time of an alert, to that of Alertmanager', figure: 'cpuMicrosAnAlert', of: intake, to: alertmanager },
    { name: 'p99 of 300 requests a second of Alertmanager, ms', figure: 'singlesP99Ms', of: alertmanager },
  ],
  prepare: async (testbed) => {
    const command = alertmanagerPath();
    if (command === undefined) testbed.missing(howToGetAlertmanager);
    const others = command === undefined ? [] : [await theirs(testbed, command)];
    return [ours(testbed), theWholeWay(testbed), attacked(testbed), ...others];
  },
};
