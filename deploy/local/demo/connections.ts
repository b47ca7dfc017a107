import { ConnectionReports, Connections, Handles } from '@pagebridge/contracts';
import { waitFor } from '@pagebridge/testing';
import { handleOf } from '@pagebridge/vocabulary';
import type { Destination } from '../stack/stack-info.ts';
import { type ConnectionAnswer, checksOf } from './checks.ts';
import { expectThat, patience, type Stage, sourceOrg } from './stage.ts';

/** Adds a connection to each destination and waits until its handles are known. */
export async function addConnections(stage: Stage): Promise<void> {
  const { timeline, driver, globex, initech } = stage;
  timeline.begin(`Add Connection: ${sourceOrg} to ${globex.org} and to ${initech.org}`);
  for (const destination of [globex, initech]) await addConnection(stage, destination);
  const offered = await driver.handles(sourceOrg, 'core');
  timeline.hop({
    at: Date.now(),
    who: 'handle-sync',
    where: `GET …/${sourceOrg}/handles?query=core`,
    what: offered.body.items.map(({ handle }) => handle).join(', '),
  });
  timeline.end(`${globex.teams.length + initech.teams.length} handles`);
}

async function addConnection({ driver, timeline }: Stage, destination: Destination): Promise<void> {
  const { dataCenter, org, apiKey, applicationKey, teams } = destination;
  const answer = await driver.addConnection<ConnectionAnswer>(sourceOrg, {
    name: org,
    dataCenter,
    apiKey,
    applicationKey,
  });
  expectThat(`201 from Add Connection to ${org}`, answer.status === 201, answer.body);
  const connectionId = answer.body.id;
  timeline.hop({
    at: Date.now(),
    who: 'connection-management',
    where: `POST …/${sourceOrg}/connections`,
    what: `201, "${org}" in ${dataCenter}; ${checksOf(answer.body).filter(({ result }) => result === 'passed').length} checks passed`,
  });
  const connection = await driver.watch.waitForEvent(
    Connections,
    `connection ${connectionId}`,
    (it) => it.connectionId === connectionId,
    patience,
  );
  timeline.record('connection-management', connection.record, `${connectionId}, credential sealed`);
  const { directory } = connection.event.data;
  const handles = await waitFor(
    `the ${teams.length} handles of ${org}`,
    () => {
      const seen = driver.watch.eventsOf(Handles, (it) => it.directory === directory);
      return seen.length >= teams.length ? seen : undefined;
    },
    { ...patience, lastSeen: () => driver.watch.eventsOf(Handles).map(({ event }) => event.data.teamHandle) },
  );
  const last = handles.toSorted((a, b) => a.record.timestamp - b.record.timestamp).at(-1);
  const names = handles.map(({ event }) => handleOf(event.data.teamHandle)).join(' ');
  if (last) timeline.record('handle-sync', last.record, `${handles.length} handles: ${names}`);
  const report = await driver.watch.waitForEvent(
    ConnectionReports,
    `the sync report of ${org}`,
    (it) => it.connectionId === connectionId && it.kind === 'synced',
    patience,
  );
  timeline.record('handle-sync', report.record, 'synced');
}

/** Checks that a wrong application key and a role without `user_access_read` are refused before anything is stored. */
export async function refuseBadCredentials(stage: Stage): Promise<void> {
  const { globex } = stage;
  stage.timeline.begin('Invalid credentials are rejected, with the failed check and the fix');
  const missing = await stage.driver.sandbox(globex).keyWithout('user_access_read');
  const refused = [
    await refusal(stage, 'wrong application key', `${globex.applicationKey.slice(0, -4)}0000`),
    await refusal(stage, 'role without user_access_read', missing),
  ];
  stage.timeline.end(refused.join(', '));
}

async function refusal({ driver, timeline, globex }: Stage, what: string, applicationKey: string): Promise<string> {
  const { dataCenter, apiKey } = globex;
  const answer = await driver.addConnection<ConnectionAnswer>(sourceOrg, {
    name: what,
    dataCenter,
    apiKey,
    applicationKey,
  });
  const failed = checksOf(answer.body).find(({ result }) => result === 'failed');
  expectThat(
    `Add Connection to reject a ${what} with the failed check`,
    answer.status === 422 && failed !== undefined,
    {
      status: answer.status,
      body: answer.body,
    },
  );
  timeline.hop({
    at: Date.now(),
    who: 'connection-management',
    where: `POST …/${sourceOrg}/connections`,
    what: `${answer.status}, ${what}: ${failed?.name} failed`,
  });
  timeline.note(`${failed?.detail}. ${failed?.cure}`);
  return `${failed?.name}`;
}
