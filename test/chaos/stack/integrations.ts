import type { OutgoingRecord } from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import { anIntegrationWithToken, waitFor } from '@pagebridge/testing';
import { type IntegrationKind, integrationKinds } from '@pagebridge/vocabulary';
import { accessTo, settingsOf } from '../../harness/kafka-access.ts';
import { hostileOrg, sourceOrgs } from '../world.ts';
import type { ChaosStack } from './chaos-stack.ts';

/** Gives each source org an integration, by its records alone; returns a token of each, once every instance accepts it. */
export async function integrateAll(stack: ChaosStack): Promise<ReadonlyMap<string, string>> {
  const all = sourceOrgs.map((sourceOrg) => [sourceOrg, anIntegrationOf(sourceOrg, 'cloudevents')] as const);
  await publish(
    stack,
    all.flatMap(([, { records }]) => records),
  );
  for (const [sourceOrg, { token }] of all) {
    for (const url of stack.intakeUrls) await waitFor(`the token of ${sourceOrg}`, () => isAccepted(url, token));
  }
  return new Map(all.map(([sourceOrg, { token }]) => [sourceOrg, token]));
}

/** Gives the hostile org an integration of each kind, and returns their tokens; a request before they are known is refused. */
export async function integrateHostile(stack: ChaosStack): Promise<ReadonlyMap<IntegrationKind, string>> {
  const all = integrationKinds.map((kind) => [kind, anIntegrationOf(hostileOrg, kind)] as const);
  await publish(
    stack,
    all.flatMap(([, { records }]) => records),
  );
  return new Map(all.map(([kind, { token }]) => [kind, token]));
}

function anIntegrationOf(sourceOrg: string, kind: IntegrationKind) {
  const expiresAt = new Date(Date.now() + 24 * 3_600_000).toISOString();
  return anIntegrationWithToken({ sourceOrg, name: kind, kind }, { expiresAt });
}

async function publish({ kafka }: ChaosStack, records: readonly OutgoingRecord[]): Promise<void> {
  const publisher = new Publisher(settingsOf(accessTo(kafka, 'admin'), 'chaos-integrations'));
  await publisher.start();
  await publisher.publish(records);
  await publisher.close();
}

/** Returns whether an instance takes an empty batch. */
async function isAccepted(url: string, token: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/cloudevents-batch+json' };
  const { status } = await fetch(`${url}/v1/intake/cloudevents`, { method: 'POST', headers, body: '[]' });
  return status === 202;
}
