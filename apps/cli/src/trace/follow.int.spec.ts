import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  Alerts,
  cards,
  type PageOutcome,
  PageOutcomes,
  topicDefinitionsOf,
  UnroutedHandles,
} from '@pagebridge/contracts';
import { createTopics, type KafkaSettings, type OutgoingRecord, Publisher, plaintext } from '@pagebridge/kafka';
import { anAlert, testBrokers, uniqueName } from '@pagebridge/testing';

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const settings: KafkaSettings = { brokers: testBrokers(), clientId: 'follow-spec', security: plaintext, log };
const publisher = new Publisher(settings);
beforeAll(async () => {
  await createTopics(settings, cards.flatMap(topicDefinitionsOf));
  await publisher.start();
});
afterAll(() => publisher.close());

/** Follows an alert, and writes the next records whenever its answer has been printed. Presses Ctrl-C after the last, unless it ends by itself. */
async function followed(sourceOrg: string, steps: readonly (readonly OutgoingRecord[])[], endsItself: boolean) {
  const main = join(import.meta.dirname, '../../dist/main.js');
  const line = [main, 'trace', 'monitor-4', '--org', sourceOrg, '--kafka', '--follow'];
  const child = spawn(process.execPath, line, { env: { KAFKA_BROKERS: testBrokers().join() } });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const answers: string[] = [];
  const left = [...steps];
  for await (const line of createInterface(child.stdout)) {
    if (!/^(Alert not found|Waiting|Paged|Not paged)/.test(line)) continue;
    answers.push(line);
    const next = left.shift();
    if (next) await publisher.publish(next);
    else if (!endsItself) child.kill('SIGINT');
  }
  return { status: await ended, answers };
}

it('prints each answer as records come, and ends by itself when the alert is settled', async () => {
  const sourceOrg = uniqueName('followed');
  const key = `${sourceOrg}/monitor-4`;
  const time = new Date().toISOString();
  const attributes = { id: 'e1', source: '/spec', time };
  const alert = anAlert({ sourceOrg, alertKey: 'monitor-4', occurredAt: time });
  const outcome: PageOutcome = {
    ...{
      pageId: '0123456789abcdef',
      sourceOrg,
      alertKey: 'monitor-4',
      alertEventId: 'e1',
      outcome: 'delivered',
      at: time,
    },
    ...{ connectionId: '00000000-0000-4000-8000-000000000001', teamHandle: 'core-infra', attempts: 1 },
    ...{ possibleDuplicate: false, destinationPageId: 'D1' },
  };
  const steps = [[Alerts.encode(key, attributes, alert)], [PageOutcomes.encode(key, attributes, outcome)]];
  const { status, answers } = await followed(sourceOrg, steps, true);
  expect({ status, answers }).toEqual({
    status: 0,
    answers: [
      expect.stringMatching(/^Alert not found/),
      expect.stringMatching(/^Waiting since/),
      expect.stringMatching(/^Paged core-infra/),
    ],
  });
});

it('goes on while a handle may page late', async () => {
  const sourceOrg = uniqueName('followed');
  const key = `${sourceOrg}/monitor-4`;
  const time = new Date().toISOString();
  const attributes = { id: 'e1', source: '/spec', time };
  const unrouted = {
    ...{
      sourceOrg,
      alertKey: 'monitor-4',
      alertEventId: 'e1',
      title: 't',
      occurredAt: time,
      handle: '@oncall-core-infra',
    },
    ...{
      reason: 'unknown-handle' as const,
      detail: 'no team has it',
      waitingUntil: new Date(Date.now() + 60_000).toISOString(),
    },
  } as const;
  const alert = anAlert({ sourceOrg, alertKey: 'monitor-4', occurredAt: time });
  const steps = [[Alerts.encode(key, attributes, alert)], [UnroutedHandles.encode(key, attributes, unrouted)]];
  const { status, answers } = await followed(sourceOrg, steps, false);
  expect({ status, last: answers.at(-1) }).toEqual({ status: 0, last: expect.stringContaining('it pages late if') });
});
