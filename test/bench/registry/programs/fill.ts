import { Connections, Handles, handleKey, type OutgoingRecord } from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import { aConnection } from '@pagebridge/testing';
import { quiet } from '../../harness/quiet.ts';
import { connectionIdOf, connectionsPerOrg, handlesOf, orgName, teamAt, type WorldSize } from '../world.ts';

/* Publishes the connections and handles of a world, as connection-management and handle-sync would. */
interface FillInput extends WorldSize {
  readonly brokers: string;
}

const [, , text = ''] = process.argv;
const { brokers, ...size }: FillInput = JSON.parse(text);
const time = '2026-01-01T00:00:00.000Z';
const atOnce = 3000;

function* records(): Generator<OutgoingRecord> {
  for (let org = 0; org < size.orgs; org += 1) {
    for (let i = 0; i < connectionsPerOrg; i += 1) {
      const connectionId = connectionIdOf(org, i);
      const its = {
        connectionId,
        sourceOrg: orgName(org),
        name: `c-${i}`,
        slug: `c-${i}`,
        dataCenter: 'NOWHERE',
        createdAt: time,
      };
      yield Connections.encode(connectionId, attributesOf(connectionId), aConnection(its));
    }
    for (let i = 0; i < handlesOf(size, org); i += 1) {
      const team = teamAt(org, i);
      const handle = { ...team, formerHandles: [], changedAt: time };
      yield Handles.encode(handleKey(team.connectionId, team.teamId), attributesOf(team.teamId), handle);
    }
  }
}

const attributesOf = (id: string) => ({
  id,
  source: '/pagebridge/handle-sync',
  time,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
});

const publisher = new Publisher({ brokers: [brokers], clientId: 'fill', log: quiet });
await publisher.start();
let batch: OutgoingRecord[] = [];
for (const record of records()) {
  batch.push(record);
  if (batch.length < atOnce) continue;
  await publisher.publish(batch);
  batch = [];
}
await publisher.publish(batch);
await publisher.close();
process.stdout.write('{}\n');
