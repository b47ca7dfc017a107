import { Publisher } from '@pagebridge/kafka';
import { anIntegrationWithToken, waitFor } from '@pagebridge/testing';
import { accessTo, settingsOf } from '../../harness/kafka-access.ts';
import { sourceOrgs } from '../world.ts';
import type { ChaosStack } from './chaos-stack.ts';

/** Gives each source org an integration, by its records alone; returns a token of each, once every instance accepts it. */
export async function integrateAll({ kafka, intakeUrls }: ChaosStack): Promise<ReadonlyMap<string, string>> {
  const publisher = new Publisher(settingsOf(accessTo(kafka, 'admin'), 'chaos-integrations'));
  await publisher.start();
  const tokens = new Map<string, string>();
  for (const sourceOrg of sourceOrgs) {
    const expiresAt = new Date(Date.now() + 24 * 3_600_000).toISOString();
    const { token, records } = anIntegrationWithToken({ sourceOrg, kind: 'cloudevents' }, { expiresAt });
    await publisher.publish(records);
    tokens.set(sourceOrg, token);
    for (const url of intakeUrls) await waitFor(`the token of ${sourceOrg}`, () => isAccepted(url, token));
  }
  await publisher.close();
  return tokens;
}

/** Returns whether an instance takes an empty batch. */
async function isAccepted(url: string, token: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/cloudevents-batch+json' };
  const { status } = await fetch(`${url}/v1/intake/cloudevents`, { method: 'POST', headers, body: '[]' });
  return status === 202;
}
