import { Driver, type StackInfo } from '@pagebridge/local-stack';
import { handleOf } from '@pagebridge/vocabulary';
import { SourceOrg } from '../harness/source-org.ts';
import type { Facts } from './recording.ts';

/** What a small organization leaves behind in a day: connections, settings, a token, an open alert and two that are over. */
export async function playForRecording(info: StackInfo): Promise<Omit<Facts, 'commit' | 'recordedAt'>> {
  const driver = new Driver(info, 'olga');
  await driver.open();
  const [globex, initech] = info.destinations;
  if (!globex || !initech) throw new Error('a recording needs two destination orgs');
  const sourceOrg = 'acme-recorded';
  const acme = new SourceOrg(sourceOrg, driver);
  const connections = [
    { id: await acme.connect(globex, 'Globex'), name: 'Globex' },
    { id: await acme.connect(initech, 'Initech'), name: 'Initech' },
  ];
  const [primary, backup] = connections.map(({ id }) => id);
  await acme.updateSettings({ localHandles: ['facilities'] });
  const [team = ''] = globex.teams;
  const failover = { connectionId: backup ?? '', teamHandle: initech.teams[0] ?? '', afterFailures: 3 };
  await acme.failOver(primary ?? '', failover, team);
  const tokens = `${info.services.connectionManagement}/v1/source-orgs/${sourceOrg}/tokens`;
  const wish = { name: 'terraform', role: 'admin', expiresInDays: 365 };
  const { body } = await driver.call<{ token: string }>('POST', tokens, wish);

  const open = await acme.alert({ alertKey: 'disk-full', message: `It is full. ${handleOf(team)}` });
  const page = await acme.pageIn(globex, open, team);
  const ended = await acme.alert({ alertKey: 'cpu-high', message: `It is hot. ${handleOf(team)}` });
  await acme.pageIn(globex, ended, team);
  await acme.alert({ alertKey: ended.alertKey, transition: 'recovered' });
  await acme.outcome(ended, 'resolved');
  await acme.unrouted(await acme.alert({ alertKey: 'typo', message: handleOf('nobody-has-this') }));
  const handles = await acme.handles();
  await driver.close();
  return {
    sourceOrg,
    connections,
    handles,
    token: body.token,
    open: { alertKey: open.alertKey, page: { id: page.id, team } },
    ended: ended.alertKey,
  };
}
