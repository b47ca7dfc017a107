import { join } from 'node:path';
import { answersOk, createAllTopics, freePort } from '@pagebridge/local-stack';
import type { Ground } from '../harness/ground.ts';
import { Load } from '../page-path/load.ts';
import type { Receiver } from '../page-path/receiver.ts';
import type { Loads, Started } from './loads.ts';
import type { BareInput } from './programs/bare-trips.ts';

const script = join(import.meta.dirname, 'programs/bare-trips.ts');

/** Two processes that make the trips of a page and nothing else, see their program. */
export async function startBareTrips(ground: Ground, receiver: Receiver, loads: Loads): Promise<Started> {
  const brokers = await ground.kafka();
  await createAllTopics(brokers);
  const urls = receiver.dataCenters.map(({ pagingUrl }) => pagingUrl);
  const processes = await Promise.all(
    ['bare-trips-1', 'bare-trips-2'].map(async (name) => {
      const controlPort = await freePort();
      const input: BareInput = { brokers, urls, controlPort };
      return ground.startMeasured({
        name,
        command: process.execPath,
        args: [script, JSON.stringify(input)],
        layer: 3,
        ready: () => answersOk(`http://127.0.0.1:${controlPort}`),
      });
    }),
  );
  const source = new Load(ground, { brokers, sourceOrg: 'acme', teams: ['core'] });
  await ground.progress.step('warming up the bare trips', () => loads.warmUp(source));
  return { source, pids: { bare: processes.map(({ pid }) => pid), broker: [await ground.kafkaPid()] } };
}
