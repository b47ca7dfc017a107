import { anIntegrationWithToken } from '@pagebridge/testing';
import { latencyFigures } from '../harness/statistics.ts';
import type { Contender, Figures, Testbed } from '../harness/testbed.ts';
import { PagePath, Receiver } from '../page-path/page-path.ts';
import { type RequestFigures, type RequestLoad, sendRequests } from './attacked.ts';

export const toThePage = 'to the page';
const sourceOrg = 'acme';
const perSecond = 50;

/**
 * Measures how much later a page arrives if its alert comes as a request, and not as a record of its producer. All of it is started for
 * each round and stopped after it: the other contenders have the machine for themselves.
 */
export function theWholeWay(testbed: Testbed): Contender {
  let round = 0;
  const measure = async (): Promise<Figures> => {
    round += 1;
    const branch = testbed.branch(`${toThePage.replaceAll(' ', '-')}-${round}`);
    try {
      return await measured(branch);
    } finally {
      await branch.stop();
    }
  };
  return { name: toThePage, measure };
}

async function measured(testbed: Testbed): Promise<Figures> {
  const receiver = await Receiver.start(testbed, 10);
  const path = await PagePath.on(testbed, receiver.dataCenters);
  const links = receiver.linksOf(sourceOrg);
  const teams = links.flatMap((link) => link.teams);
  await path.connect(links);
  const { token, records } = anIntegrationWithToken({ sourceOrg });
  await path.publish(records);
  const [{ spec }] = await Promise.all([
    path.start('alert-intake', 'alert-intake-to-the-page', { HOST: '127.0.0.1', ACCESS_TOKENS: 'on' }),
    path.start('page-routing'),
    path.start('page-delivery'),
  ]);
  await path.close();
  const url = `http://127.0.0.1:${spec.env?.PORT}/v1/intake/alertmanager`;
  const load = path.load(sourceOrg, teams);
  const byBoth = async (seconds: number): Promise<Figures> => {
    const count = seconds * perSecond;
    const requests: RequestLoad = { url, token, form: 'webhook', alertsEach: 1, seconds, perSecond, teams };
    const recordToPageP50Ms = await p50Ms(receiver, count, load.publish({ count, perSecond }));
    const requestToPageP50Ms = await p50Ms(receiver, count, testbed.run<RequestFigures>(sendRequests, requests));
    return { recordToPageP50Ms, requestToPageP50Ms, requestAddsP50Ms: requestToPageP50Ms - recordToPageP50Ms };
  };
  await byBoth(3);
  return byBoth(testbed.quick ? 5 : 20);
}

async function p50Ms(receiver: Receiver, count: number, sent: Promise<unknown>): Promise<number> {
  const [{ latenciesMs }] = await Promise.all([receiver.take(count), sent]);
  return latencyFigures(latenciesMs).p50Ms;
}
